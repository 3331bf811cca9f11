"""Whose call code runs for."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any


class CallContext:
    """Whose call it is. Models are shown nothing of it."""

    __slots__ = ("_call", "run_id", "task", "idempotency_key", "meta", "tenant", "user")

    def __init__(self, call: Call, context: dict[str, Any]) -> None:
        self._call = call
        self.run_id: str = context["runId"]
        self.task: str = context["task"]
        # Of run and step: the same when the call is made again, and of no other call.
        self.idempotency_key: str = context["idempotencyKey"]
        self.meta: dict[str, Any] = context["meta"]
        self.tenant: str | None = context["tenant"]
        self.user: str | None = context["user"]

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody waits for the call any more."""
        return self._call.is_cancelled


class Call:
    """A call that the server has made."""

    __slots__ = ("id", "key", "do", "arguments", "context", "is_cancelled", "was_queued")

    def __init__(self, request: dict[str, Any]) -> None:
        self.id: int = request["id"]
        self.key: str = request["key"]
        self.do: str = request["do"]
        self.arguments: str = request["arguments"]
        self.context = CallContext(self, request["context"])
        self.is_cancelled = False
        self.was_queued = False


current: ContextVar[Call | None] = ContextVar("coxswain_call", default=None)


def current_id() -> int | None:
    """None: code runs on its own account."""
    call = current.get()
    return None if call is None else call.id
