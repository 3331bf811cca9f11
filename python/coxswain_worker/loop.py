"""The event loop of asynchronous calls, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .process.board import ANY_CALL, LOOP_SLOT, NO_CALL, Board
from .scope import Call, current

# A call that keeps all others waiting for so long has something in it that should be awaited.
_HELD_S = 2.0


class Loop:
    """Started at the first call: asyncio takes a third of the time that a bare Python starts in."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._lock = threading.Lock()
        self._loop: Any = None
        self._tasks: dict[int, Any] = {}
        self._moved_at = 0.0
        self._is_asked = False

    def run(self, call: Call, work: Callable[[Call], Awaitable[None]]) -> None:
        loop = self._started()
        loop.call_soon_threadsafe(self._begin, call, work)

    def wait_for(self, awaitable: Awaitable[Any]) -> Any:
        """For what turns out to be asynchronous in a thread of synchronous calls."""
        import asyncio

        async def wait() -> Any:
            return await awaitable

        return asyncio.run_coroutine_threadsafe(wait(), self._started()).result()

    def cancel(self, call_id: int) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._cancel, call_id)

    def held_by(self) -> int | None:
        """The call that lets no other run. To be asked again and again, while there are calls."""
        if not self._tasks:
            self._is_asked = False
            return None
        if not self._is_asked:
            self._is_asked = True
            self._moved_at = time.monotonic()
            self._loop.call_soon_threadsafe(self._answer)
        if time.monotonic() - self._moved_at < _HELD_S:
            return None
        import asyncio

        running = asyncio.current_task(self._loop)
        return next((call for call, task in self._tasks.items() if task is running), None)

    def _answer(self) -> None:
        self._is_asked = False

    def _begin(self, call: Call, work: Callable[[Call], Awaitable[None]]) -> None:
        if call.is_cancelled:
            return

        async def run() -> None:
            current.set(call)
            await work(call)

        task = self._loop.create_task(run())
        self._tasks[call.id] = task
        task.add_done_callback(lambda _: self._end(call))
        self._mark()

    def _end(self, call: Call) -> None:
        self._tasks.pop(call.id, None)
        self._mark()

    def _cancel(self, call_id: int) -> None:
        task = self._tasks.get(call_id)
        if task is not None:
            task.cancel()

    def _mark(self) -> None:
        """Which call has taken the memory, or the processor, can be told of one alone."""
        calls = list(self._tasks)
        self._board.enter(LOOP_SLOT, ANY_CALL if len(calls) > 1 else next(iter(calls), NO_CALL))

    def _started(self) -> Any:
        with self._lock:
            if self._loop is None:
                import asyncio

                self._loop = asyncio.new_event_loop()
                thread = threading.Thread(target=self._serve, name="coxswain loop", daemon=True)
                thread.start()
            return self._loop

    def _serve(self) -> None:
        import asyncio

        asyncio.set_event_loop(self._loop)
        while True:
            try:
                self._loop.run_forever()
            except BaseException:  # noqa: BLE001 - a task of the code has raised SystemExit, say
                continue
