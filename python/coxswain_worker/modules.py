"""The modules of the project: where they are found, and what of them was imported."""

from __future__ import annotations

import hashlib
import os
import sys

from .trouble import is_own, project


def find_modules_in(folder: str) -> None:
    """The project's own come first, as they do for the script of a project."""
    first = [path for path in (os.path.join(folder, "src"), folder) if os.path.isdir(path)]
    worker = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [*first, *(path for path in sys.path if path not in (worker, "")), worker]


def find_modules_beside(place: str) -> None:
    """What lies beside the file of a reference may be imported by its bare name. It comes last."""
    folder = os.path.dirname(os.path.join(project(), place.partition(":")[0]))
    while folder.startswith(project() + os.sep):
        if folder not in sys.path and os.path.isdir(folder):
            sys.path.append(folder)
        folder = os.path.dirname(folder)


def code_hash() -> str:
    """Over all of the project that was imported so far. It does not depend on where the project lies."""
    found = {file for module in list(sys.modules.values()) if is_own(file := getattr(module, "__file__", None))}
    hashed = hashlib.sha256()
    for file in sorted(os.path.realpath(one) for one in found if one):
        hashed.update(f"{os.path.relpath(file, project())}\n".encode())
        hashed.update(_content_of(file))
    return hashed.hexdigest()


def _content_of(file: str) -> bytes:
    """A file that cannot be read could not be imported either, which is told otherwise."""
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError:
        return b""
