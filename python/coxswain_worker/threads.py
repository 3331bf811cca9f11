"""The threads of synchronous calls. Python has none that can be ended, so one that hangs is given up."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable

from .channel import say
from .process.board import FIRST_SLOT, NO_CALL, Board
from .scope import Call

Job = tuple[Call, Callable[[Call], None]]

# A thread that was given up and still is at its call so long later is not waited for.
_HANGS_S = 30.0


class Threads:
    """Runs calls side by side, up to `limit` of them; more wait for their turn."""

    def __init__(self, limit: int, board: Board) -> None:
        self.limit = limit
        self._board = board
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._idle = 0
        self._alive = 0
        self._started = 0
        # Calls that nobody waits for, and since when.
        self._given_up: dict[int, float] = {}
        self._running: set[int] = set()

    def run(self, call: Call, work: Callable[[Call], None]) -> None:
        with self._changed:
            if self._idle <= len(self._waiting):
                if self._alive < self.limit:
                    self._start()
                else:
                    call.was_queued = True
                    say({"type": "queued", "id": call.id})
            self._waiting.append((call, work))
            self._changed.notify()

    def give_up(self, call_id: int) -> None:
        """Nobody waits for the call any more. If it runs, its thread is replaced."""
        with self._changed:
            for job in self._waiting:
                if job[0].id == call_id:
                    self._waiting.remove(job)
                    return
            if call_id in self._running and call_id not in self._given_up:
                self._given_up[call_id] = time.monotonic()
                self._alive -= 1
                if self._waiting and self._idle == 0:
                    self._start()

    def hanging(self) -> int | None:
        """The call to blame when too much hangs: a quarter of the threads, or one for long."""
        with self._changed:
            if not self._given_up:
                return None
            call_id, since = next(iter(self._given_up.items()))
            is_many = len(self._given_up) >= max(1, self.limit // 4)
            return call_id if is_many or time.monotonic() - since > _HANGS_S else None

    def _start(self) -> None:
        self._alive += 1
        self._started += 1
        args = (FIRST_SLOT + self._started - 1,)
        threading.Thread(target=self._work, args=args, name="coxswain call", daemon=True).start()

    def _work(self, slot: int) -> None:
        while True:
            call, work = self._next()
            self._board.enter(slot, call.id)
            if call.was_queued:
                say({"type": "begun", "id": call.id})
            _give_loop()
            work(call)
            self._board.enter(slot, NO_CALL)
            with self._changed:
                self._running.discard(call.id)
                if self._given_up.pop(call.id, None) is not None:
                    return

    def _next(self) -> Job:
        with self._changed:
            self._idle += 1
            while not self._waiting:
                self._changed.wait()
            self._idle -= 1
            job = self._waiting.popleft()
            self._running.add(job[0].id)
            return job


def _give_loop() -> None:
    """Code that asks for the event loop of its thread would have one in the main thread."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return
    try:
        is_usable = not asyncio.get_event_loop().is_closed()
    except RuntimeError:
        is_usable = False
    if not is_usable:
        asyncio.set_event_loop(asyncio.new_event_loop())
