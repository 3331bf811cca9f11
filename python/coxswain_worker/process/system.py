"""What the system tells of a process and its threads. Elsewhere than on Linux that is little."""

from __future__ import annotations

import os
import subprocess
from typing import NamedTuple

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_HAS_PROC = os.path.exists("/proc/self/statm")


class Spent(NamedTuple):
    """What a thread has used up."""

    memory_bytes: int
    cpu_ms: float


def memory_of(pid: int) -> int:
    """Resident, in bytes; 0: unknown."""
    try:
        if _HAS_PROC:
            return int(_read(f"/proc/{pid}/statm").split()[1]) * _PAGE_BYTES
        listed = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True)
        return int(listed.stdout or 0) * 1024
    except (OSError, ValueError):
        return 0


def spent_by(pid: int, thread_id: int | None = None) -> Spent | None:
    """Of a thread, or of all. The memory is what was touched for the first time, not what is still held."""
    path = f"/proc/{pid}/stat" if thread_id is None else f"/proc/{pid}/task/{thread_id}/stat"
    try:
        # The name before may hold anything.
        fields = _read(path).rpartition(b")")[2].split()
    except OSError:
        return None
    cpu_ms = (int(fields[11]) + int(fields[12])) * 1000 / _TICKS_PER_SECOND
    return Spent(int(fields[7]) * _PAGE_BYTES, cpu_ms)


def faults_in_bytes(faults: int) -> int:
    return faults * _PAGE_BYTES


def parent_of(pid: int) -> int | None:
    """None: unknown."""
    try:
        return int(_read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[1])
    except OSError:
        return None


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
