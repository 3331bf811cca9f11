"""Memory that this process shares with its watcher, who must see it while nothing runs here."""

from __future__ import annotations

import mmap
import struct
import threading
from collections.abc import Iterator
from typing import NamedTuple

_PLACE = struct.Struct("q")
_SLOT = struct.Struct("qqqq")
_HEAD_BYTES = 2 * _PLACE.size
_BEATS_AT = 0
_CALLS_AT = _PLACE.size

# Threads beyond are watched as a whole only.
SLOTS = 128
# The main thread, which loads, and that of asynchronous calls; the others are for the rest, one each.
MAIN_SLOT = 0
LOOP_SLOT = 1
FIRST_SLOT = 2

NO_CALL = 0
# Several calls share the thread.
ANY_CALL = -1


class Slot(NamedTuple):
    """A thread that runs code of the crew."""

    thread_id: int
    # As Python and its crash reports know it.
    ident: int
    call: int
    # Page faults of the thread when its call began; -1: the system does not count them.
    faults: int


class Board:
    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _HEAD_BYTES + SLOTS * _SLOT.size)

    def beat(self) -> None:
        self._set(_BEATS_AT, self.beats() + 1)

    def beats(self) -> int:
        return self._get(_BEATS_AT)

    def set_calls(self, count: int) -> None:
        self._set(_CALLS_AT, count)

    def calls(self) -> int:
        return self._get(_CALLS_AT)

    def enter(self, slot: int, call: int) -> None:
        """Marks what this thread runs."""
        if slot < SLOTS:
            entry = (threading.get_native_id(), threading.get_ident(), call, own_faults())
            _SLOT.pack_into(self._memory, _HEAD_BYTES + slot * _SLOT.size, *entry)

    def slots(self) -> Iterator[Slot]:
        for number in range(SLOTS):
            slot = Slot(*_SLOT.unpack_from(self._memory, _HEAD_BYTES + number * _SLOT.size))
            if slot.thread_id != 0:
                yield slot

    def _get(self, at: int) -> int:
        return _PLACE.unpack_from(self._memory, at)[0]

    def _set(self, at: int, value: int) -> None:
        _PLACE.pack_into(self._memory, at, value)


def own_faults() -> int:
    return -1 if _usage is None else _usage()


def _usage_of_thread():
    try:
        from resource import RUSAGE_THREAD, getrusage
    except ImportError:
        return None
    return lambda: getrusage(RUSAGE_THREAD).ru_minflt


_usage = _usage_of_thread()
