"""Begins the process anew with the real CrewAI, as the same process to the server."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from typing import Any, NamedTuple

from .channel import REPLIES_FD, REQUESTS_FD, WATCH_FD


class Kept(NamedTuple):
    """What goes on in the process that begins anew."""

    # References that were loaded, and that are to be.
    loaded: list[Any]
    pending: list[Any]
    # What the server has said and was not dealt with.
    unread: bytes


NOTHING = Kept([], [], b"")


def begin_again(options: dict[str, Any], kept: Kept, watcher: int) -> None:
    """Does not return."""
    file = tempfile.TemporaryFile()
    told = {"loaded": kept.loaded, "pending": kept.pending, "unread": kept.unread.decode("latin-1")}
    file.write(json.dumps(told).encode())
    file.flush()
    for fd in (REQUESTS_FD, REPLIES_FD, WATCH_FD, file.fileno()):
        os.set_inheritable(fd, True)
    _end(watcher)
    again = json.dumps({**options, "mode": "real", "keptFd": file.fileno()})
    os.execv(sys.executable, [sys.executable, *_flags(), sys.argv[0], again])


def read_kept(fd: int | None) -> Kept:
    if fd is None:
        return NOTHING
    with os.fdopen(fd, "rb") as file:
        file.seek(0)
        told = json.loads(file.read())
    return Kept(told["loaded"], told["pending"], told["unread"].encode("latin-1"))


def _flags() -> list[str]:
    # As the server gives them.
    return ["-u", "-X", "utf8"]


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
