"""Makes the calls that the server asks for."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .channel import say
from .loop import Loop
from .process.board import Board
from .process.output import end_output
from .scope import Call, current
from .threads import Threads
from .trouble import BadArguments, CallError, describe
from .values.held import Held

_BEAT_EVERY_S = 0.05


class Calls:
    """
    Args:
        find: what is held under a key; raises CallError with the reason why there is nothing
    """

    def __init__(self, board: Board, threads: int, find: Callable[[str], Held]) -> None:
        self._board = board
        self._find = find
        self._threads = Threads(threads, board)
        self._loop = Loop(board)
        self._calls: dict[int, Call] = {}
        self._noting = threading.Lock()
        self._any = threading.Event()
        self._is_worn = False
        threading.Thread(target=self._beat, name="coxswain beat", daemon=True).start()

    @property
    def count(self) -> int:
        return len(self._calls)

    def begin(self, request: dict[str, Any]) -> None:
        call = Call(request)
        self._calls[call.id] = call
        self._note()
        try:
            held = self._find(call.key)
            if call.do not in held.ways:
                raise CallError(f"{call.key} is {held.what}, and cannot be called so")
        except CallError as error:
            self._end(call, _failed(call, error))
            return
        way = held.ways[call.do]
        if way.is_async:
            self._loop.run(call, lambda call: self._await(call, way.start))
        else:
            self._threads.run(call, lambda call: self._call(call, way.start))

    def cancel(self, call_id: int) -> None:
        call = self._calls.pop(call_id, None)
        if call is not None:
            call.is_cancelled = True
            self._threads.give_up(call_id)
            self._loop.cancel(call_id)
            self._note()
        say({"type": "cancelled", "id": call_id})
        self._look_at_threads()

    def _call(self, call: Call, start: Callable[[str], Any]) -> None:
        token = current.set(call)
        try:
            result = start(call.arguments)
            if inspect.isawaitable(result):
                result = self._loop.wait_for(result)
            outcome = {"text": result, "failed": False}
        except BaseException as error:  # noqa: BLE001 - also SystemExit: it is one call that ends
            outcome = _failed(call, error)
        finally:
            current.reset(token)
        self._end(call, outcome)

    async def _await(self, call: Call, start: Callable[[str], Awaitable[Any]]) -> None:
        try:
            outcome = {"text": await start(call.arguments), "failed": False}
        except BaseException as error:  # noqa: BLE001 - what leaves a task may end its loop
            outcome = _failed(call, error)
        self._end(call, outcome)

    def _end(self, call: Call, result: dict[str, Any]) -> None:
        end_output(call.id)
        if self._calls.pop(call.id, None) is not None:
            say({"type": "result", "id": call.id, "result": result})
        self._note()

    def _note(self) -> None:
        with self._noting:
            count = len(self._calls)
            self._board.set_calls(count)
            if count > 0:
                self._any.set()
            else:
                self._any.clear()

    def _beat(self) -> None:
        """Shows that Python code can run, and looks for calls that keep others from it."""
        while True:
            self._any.wait()
            time.sleep(_BEAT_EVERY_S)
            self._board.beat()
            self._look_at_threads()
            self._wear(self._loop.held_by(), "it lets no other asynchronous call run")

    def _look_at_threads(self) -> None:
        self._wear(self._threads.hanging(), "it goes on though nobody waits for it any more")

    def _wear(self, call_id: int | None, reason: str) -> None:
        if call_id is not None and not self._is_worn:
            self._is_worn = True
            say({"type": "worn", "call": call_id, "reason": reason})


def _failed(call: Call, error: BaseException) -> dict[str, Any]:
    is_told_so = call.do != "tool" or isinstance(error, BadArguments)
    text = describe(error) if is_told_so else f"The tool failed: {describe(error)}"
    return {"text": text, "failed": True}
