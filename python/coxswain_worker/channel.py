"""What the server and this process say to each other: JSON, a message a line, over pipes of their own."""

from __future__ import annotations

import json
import os
import select
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

REQUESTS_FD = 3
REPLIES_FD = 4
# Of the watcher, whose lines must not get between those of this process.
WATCH_FD = 5

_READ_BYTES = 65_536

_lines: deque[bytes] = deque()
_lock = threading.Lock()
_writer = 0


def say(message: dict[str, Any]) -> None:
    """Written before it returns: what was said arrives, whatever happens next."""
    global _writer
    _lines.append(encode_line(message))
    me = threading.get_ident()
    # A destructor or a signal handler, in the middle of a line of this thread, which writes this one next.
    if _writer == me:
        return
    with _lock:
        _writer = me
        try:
            while _lines:
                write_all(REPLIES_FD, _lines.popleft())
        finally:
            _writer = 0


def encode_line(message: dict[str, Any]) -> bytes:
    # ASCII, so that no text can be ill-formed.
    return json.dumps(message).encode() + b"\n"


def write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


class Requests:
    """Reads what the server says. Nothing is taken out of the pipe while `paused` is held."""

    def __init__(self, unread: bytes) -> None:
        self.paused = threading.Lock()
        self._unread = unread

    @property
    def unread(self) -> bytes:
        """Of a line that has not arrived as a whole, or that nobody has asked for."""
        return self._unread

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            while (line := self._next_line()) is not None:
                yield json.loads(line)
            select.select([REQUESTS_FD], [], [])
            with self.paused:
                chunk = os.read(REQUESTS_FD, _READ_BYTES)
                self._unread += chunk
            if not chunk:
                return

    def _next_line(self) -> bytes | None:
        with self.paused:
            line, end, rest = self._unread.partition(b"\n")
            if not end:
                return None
            self._unread = rest
            return line
