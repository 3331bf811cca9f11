"""What goes wrong, in words: what it was, and where in the project."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

_MAX_CHARS = 20_000

# The project's folder, whatever the working directory is made to be.
_project = os.path.realpath(os.getcwd())


def set_project(folder: str) -> None:
    global _project
    _project = os.path.realpath(folder)


def project() -> str:
    return _project


class CallError(Exception):
    """Says all there is to say."""


class BadArguments(CallError):
    """For the model: what is wrong with its arguments, and what would be right."""


def describe(error: BaseException) -> str:
    """One text, with the kind of the error and the line of the project that it comes from."""
    try:
        return _describe(error)
    except Exception:
        # An error may do anything when it is looked at.
        return type(error).__name__


def _describe(error: BaseException) -> str:
    if isinstance(error, CallError):
        return well_formed(str(error))
    from .packages import describe_missing

    missing = describe_missing(error)
    if missing is not None:
        return missing.text
    said = _message_of(error)
    kind = type(error).__name__
    text = f"{kind}: {said}" if said else kind
    place = place_of(error)
    return well_formed(text[:_MAX_CHARS] + (f" ({place})" if place else ""))


def place_of(error: BaseException) -> str | None:
    """The last line of the project that the error came through, else the last one: `tools/x.py:22 in run`."""
    frames = list(frames_of(error))
    own = [frame for frame in frames if is_own(frame[0])]
    for file, line, function in reversed(own or frames):
        suffix = "" if function == "<module>" else f" in {function}"
        return f"{shown(file)}:{line}{suffix}"
    return None


def frames_of(error: BaseException) -> list[tuple[str, int, str]]:
    """Outermost first, without those of this package and of the import machinery."""
    found: list[tuple[str, int, str]] = []
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        found.append((error.filename, error.lineno, "<module>"))
        return found
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        file = code.co_filename
        if not file.startswith(("<", _HERE, _IMPORTLIB)):
            found.append((file, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    return found


def is_own(file: str | None) -> bool:
    """Whether a file is of the project, and not of its environment."""
    if not file or not os.path.isabs(file):
        return False
    path = os.path.realpath(file)
    project = _project + os.sep
    environment = os.path.realpath(sys.prefix) + os.sep
    is_installed = f"{os.sep}site-packages{os.sep}" in path
    # The environment may lie in the project, but a project may also lie below `/usr`.
    is_foreign = environment.startswith(project) and path.startswith(environment)
    return path.startswith(project) and not is_installed and not is_foreign


def shown(file: str) -> str:
    """As people know it: relative in the project, from the package on elsewhere."""
    path = os.path.realpath(file)
    _, marker, packaged = path.rpartition(f"{os.sep}site-packages{os.sep}")
    if marker:
        return packaged
    return os.path.relpath(path, _project) if path.startswith(_project + os.sep) else path


def well_formed(text: str) -> str:
    """Without halves of characters, which no other system takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _message_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(its message cannot be told)"


def _here() -> str:
    file: Any = __file__
    return os.path.dirname(os.path.abspath(file)) + os.sep


_HERE = _here()
_IMPORTLIB = os.path.dirname(importlib.__file__) + os.sep
