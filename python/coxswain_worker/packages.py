"""Packages that the project needs and its environment does not have."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from typing import NamedTuple

from .crewai_light import is_stand_in
from .trouble import frames_of, is_own, project, shown

# Modules whose package has another name.
_PACKAGES = {
    "Crypto": "pycryptodome",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "pymupdf",
    "git": "gitpython",
    "github": "pygithub",
    "googleapiclient": "google-api-python-client",
    "googlesearch": "googlesearch-python",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "magic": "python-magic",
    "mysql": "mysql-connector-python",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pymarkdown": "pymarkdownlnt",
    "serial": "pyserial",
    "serpapi": "google-search-results",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slack": "slackclient",
    "telegram": "python-telegram-bot",
    "yaml": "pyyaml",
    "youtube_transcript_api": "youtube-transcript-api",
    "zmq": "pyzmq",
}


class Missing(NamedTuple):
    package: str
    # What installs it, to be run in the project's folder.
    command: str
    text: str


def describe_missing(error: BaseException) -> Missing | None:
    """None: the error is another one."""
    name = _missing_module(error)
    if name is None:
        return None
    package = _package_of(name)
    command = _command_for(package)
    frames = frames_of(error)
    own = [frame for frame in frames if is_own(frame[0])]
    place = "".join(f"{shown(file)}:{line}: " for file, line, _ in (own or frames)[-1:])
    is_within = sys.prefix.startswith(project() + os.sep)
    prefix = os.path.relpath(sys.prefix, project()) if is_within else sys.prefix
    version = ".".join(map(str, sys.version_info[:3]))
    text = f"{place}the package {package} is not installed in {prefix} (Python {version}); {command}"
    return Missing(package, command, text)


def _missing_module(error: BaseException | None) -> str | None:
    """Code may have put the error into another one, which then says less."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, ImportError) and error.name:
            # Whatever the stand-in does not have is in the package that it stands for.
            is_missing = isinstance(error, ModuleNotFoundError) and not _is_there(error.name)
            if is_missing or is_stand_in(error.name):
                return error.name.partition(".")[0] if is_stand_in(error.name) else error.name
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        seen += 1
    return None


def _is_there(module: str) -> bool:
    """A module that is missing within a package that is there is not a missing package."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names or top in sys.modules:
        return True
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _package_of(module: str) -> str:
    if module.startswith("google.generativeai"):
        return "google-generativeai"
    if module.startswith("google.genai"):
        return "google-genai"
    if module.startswith("google.cloud."):
        return "google-cloud-" + module.split(".")[2].replace("_", "-")
    top = module.partition(".")[0]
    return _PACKAGES.get(top, top.replace("_", "-"))


def _command_for(package: str) -> str:
    listing = _read("pyproject.toml")
    is_listed = _is_listed(package, listing)
    if _exists("uv.lock") or "[tool.uv" in listing or (listing and shutil.which("uv")):
        return "uv sync" if is_listed else f"uv add {package}"
    if _exists("poetry.lock"):
        return "poetry install" if is_listed else f"poetry add {package}"
    own = os.path.join(".venv", "bin", "python")
    # What is installed for the whole machine is left alone.
    make = f"{sys.executable} -m venv .venv && " if sys.prefix == sys.base_prefix else ""
    python = own if make or _exists(own) else sys.executable
    listed = "-r requirements.txt" if _is_listed(package, _read("requirements.txt")) else package
    return f"{make}{python} -m pip install {listed}"


def _is_listed(package: str, listing: str) -> bool:
    pattern = re.sub(r"[-_.]+", "[-_.]", package)
    return re.search(rf"(?im)(?:^|[\s\"'\[])({pattern})(?![\w-])", listing) is not None


def _exists(file: str) -> bool:
    return os.path.exists(os.path.join(project(), file))


def _read(file: str) -> str:
    try:
        with open(os.path.join(project(), file), encoding="utf-8", errors="replace") as opened:
            return opened.read()
    except OSError:
        return ""
