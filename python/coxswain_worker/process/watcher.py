"""A process beside that of the code: while native code holds the interpreter, no thread of it could watch."""

from __future__ import annotations

import gc
import os
import re
import select
import time
from typing import Any

from ..channel import REPLIES_FD, REQUESTS_FD, WATCH_FD, encode_line, write_all
from ..trouble import is_own, shown
from .board import ANY_CALL, NO_CALL, Board, Slot
from .guard import end_process
from .system import Spent, faults_in_bytes, is_alive, memory_of, parent_of, spent_by

_LOOK_EVERY_S = 0.05
# Without a call, to let the machine rest.
_REST_S = 0.25
# Without a beat for so long, nothing runs but one piece of native code.
_BLOCKED_S = 2.0
_SAMPLE_S = 0.1
_SAMPLES = 20
# So much tells one thread from another; the system counts in steps of 10 ms.
_SAMPLE_CPU_MS = 100
# From this part of its memory on, a worker should be replaced.
_SHORT_OF_MEMORY = 0.75
# Whose thread has used this part of what all have is to blame.
_BLAMED_PART = 0.75

# What Python says of the thread in which native code has crashed.
_CRASH = re.compile(rb"Fatal Python error: ([^\n]*).*?Current thread 0x([0-9a-f]+)[^\n]*\n(.*?)(?:\n\n|$)", re.S)
_FRAME = re.compile(rb'File "([^"]*)", line (\d+) in (\S+)')

Suspect = int | None | str


def start_watcher(board: Board, server_pid: int, memory_mb: int) -> tuple[int, int]:
    """
    Returns:
        its pid, and where crashes are told
    """
    crashes_fd, told_fd = os.pipe()
    watched = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            gc.disable()
            os.close(told_fd)
            os.close(REQUESTS_FD)
            os.close(REPLIES_FD)
            _Watcher(board, watched, server_pid, memory_mb * 2**20, crashes_fd).watch()
        finally:
            os._exit(0)
    os.close(crashes_fd)
    return pid, told_fd


class _Watcher:
    def __init__(
        self, board: Board, watched: int, server_pid: int, memory_bytes: int, crashes_fd: int
    ) -> None:
        self.board = board
        self.watched = watched
        self.server_pid = server_pid
        self.memory_bytes = memory_bytes
        self.crashes_fd = crashes_fd
        self.beats = 0
        self.still_s = 0.0
        self.is_blocked = False
        self.is_growing = False

    def watch(self) -> None:
        while True:
            rest_s = _LOOK_EVERY_S if self.board.calls() > 0 else _REST_S
            if select.select([self.crashes_fd], [], [], rest_s)[0]:
                self.tell_crash()
                self.end()
            if os.getppid() != self.watched or self.is_orphan():
                self.end()
            self.look_at_memory()
            self.look_at_beats(rest_s)

    def tell_crash(self) -> None:
        """The process is at its end, by a crash when there is something to read."""
        report = b""
        while chunk := os.read(self.crashes_fd, 65_536):
            report += chunk
        found = _CRASH.search(report)
        if found is None:
            return
        reason = f"its process crashed ({found[1].decode(errors='replace')})"
        frames = [[part.decode(errors="replace") for part in frame] for frame in _FRAME.findall(found[3])]
        for file, line, function in [frame for frame in frames if is_own(frame[0])][:1]:
            reason += f" at {shown(file)}:{line} in {function}"
        calls = [slot.call for slot in self.board.slots() if slot.ident == int(found[2], 16)]
        self.say({"type": "ends", "call": _suspect(calls[0]) if calls else "unknown", "reason": reason})

    def is_orphan(self) -> bool:
        parent = parent_of(self.watched)
        return not is_alive(self.server_pid) if parent is None else parent != self.server_pid

    def look_at_memory(self) -> None:
        used = memory_of(self.watched)
        if used > self.memory_bytes:
            reason = f"its process took more than {self.memory_bytes // 2**20} MB of memory"
            self.say({"type": "ends", "reason": reason, "call": self.who_grows(used)})
            self.end()
        if used > self.memory_bytes * _SHORT_OF_MEMORY and not self.is_growing:
            self.is_growing = True
            reason = f"its process takes {used // 2**20} MB of memory"
            self.say({"type": "worn", "call": None, "reason": reason})

    def look_at_beats(self, since_s: float) -> None:
        # What was waited for is counted, not what it took: a machine without time for us has none for the others either.
        beats = self.board.beats()
        is_still = beats == self.beats and self.board.calls() > 0
        self.still_s = self.still_s + since_s if is_still else 0.0
        self.beats = beats
        if self.is_blocked and self.still_s == 0.0:
            self.is_blocked = False
            self.say({"type": "unblocked"})
        if not self.is_blocked and self.still_s >= _BLOCKED_S:
            self.is_blocked = True
            self.say({"type": "blocked", "call": self.who_runs()})

    def who_grows(self, used: int) -> Suspect:
        """Whose call has taken the memory, if it is one that has taken most of it."""
        taken: list[tuple[int, Slot]] = []
        for slot in self.board.slots():
            spent = spent_by(self.watched, slot.thread_id)
            if spent is not None and slot.faults >= 0 and slot.call != NO_CALL:
                taken.append((spent.memory_bytes - faults_in_bytes(slot.faults), slot))
        most, slot = max(taken, default=(0, None), key=lambda entry: entry[0])
        if slot is not None and most >= used / 2 and most >= _BLAMED_PART * sum(size for size, _ in taken):
            return _suspect(slot.call)
        return "unknown"

    def who_runs(self) -> Suspect:
        """Whose thread has the processor while the interpreter stands still."""
        calls = {slot.call for slot in self.board.slots()} - {NO_CALL}
        if len(calls) == 1:
            return _suspect(calls.pop())
        before = self.cpu_of_slots()
        # A machine that is busy may let it have little.
        for _ in range(_SAMPLES):
            time.sleep(_SAMPLE_S)
            now = self.cpu_of_slots()
            used = [(spent.cpu_ms - before[at].cpu_ms, at) for at, spent in now.items() if at in before]
            most, busiest = max(used, default=(0.0, (0, NO_CALL)))
            if most >= _SAMPLE_CPU_MS:
                return _suspect(busiest[1]) if most >= _BLAMED_PART * sum(ms for ms, _ in used) else "unknown"
        return "unknown"

    def cpu_of_slots(self) -> dict[tuple[int, int], Spent]:
        found = {}
        for slot in self.board.slots():
            spent = spent_by(self.watched, slot.thread_id)
            if spent is not None:
                found[(slot.thread_id, slot.call)] = spent
        return found

    def say(self, message: dict[str, Any]) -> None:
        write_all(WATCH_FD, encode_line(message))

    def end(self) -> None:
        try:
            os.killpg(self.watched, 9)
        finally:
            end_process()


def _suspect(call: int) -> Suspect:
    if call == ANY_CALL:
        return "unknown"
    return None if call == NO_CALL else call
