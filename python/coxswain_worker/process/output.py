"""What code prints becomes lines of its call. What native code and other processes print is of nobody's."""

from __future__ import annotations

import io
import sys
import time
from typing import Any

from ..channel import say
from ..scope import current_id

# A longer line is cut.
MAX_LINE_CHARS = 4_000
# What is printed beyond within a second is dropped, which is said.
MAX_CHARS_PER_SECOND = 256_000

_STDERR_FD = 2


def capture_output() -> None:
    budget = _Budget()
    sys.stdout = _CallOutput("stdout", budget)
    sys.stderr = _CallOutput("stderr", budget)


def end_output(call: int) -> None:
    """Says what a call has printed without the end of a line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, _CallOutput):
            stream.end(call)


class _Budget:
    def __init__(self) -> None:
        self.since = 0.0
        self.chars = 0
        self.dropped = 0

    def spend(self, chars: int) -> bool:
        now = time.monotonic()
        if now - self.since > 1:
            self.since, self.chars, dropped, self.dropped = now, 0, self.dropped, 0
            if dropped > 0:
                note = f"({dropped} lines were dropped: too much was printed at once)"
                say({"type": "printed", "call": None, "stream": "stderr", "line": note})
        self.chars += chars
        if self.chars <= MAX_CHARS_PER_SECOND:
            return True
        self.dropped += 1
        return False


class _CallOutput(io.TextIOBase):
    """Line by line; those of different calls do not mix."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, budget: _Budget) -> None:
        self.name = f"<{name}>"
        self.buffer = _CallBytes(self)
        self._stream = name
        self._budget = budget
        self._begun: dict[int | None, str] = {}

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        call = current_id()
        *lines, rest = (self._begun.pop(call, "") + text).split("\n")
        for line in lines:
            self._say(call, line)
        if len(rest) > MAX_LINE_CHARS:
            self._say(call, rest)
        elif rest:
            self._begun[call] = rest
        return len(text)

    def end(self, call: int) -> None:
        rest = self._begun.pop(call, "")
        if rest:
            self._say(call, rest)

    def fileno(self) -> int:
        return _STDERR_FD

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def close(self) -> None:
        """It is not of one call alone."""

    def _say(self, call: int | None, line: str) -> None:
        line = line.rstrip("\r")[:MAX_LINE_CHARS]
        if line and self._budget.spend(len(line)):
            say({"type": "printed", "call": call, "stream": self._stream, "line": line})


class _CallBytes(io.RawIOBase):
    def __init__(self, text: _CallOutput) -> None:
        self._text = text

    def write(self, data: Any) -> int:
        self._text.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return _STDERR_FD
