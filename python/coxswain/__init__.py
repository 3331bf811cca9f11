"""What the Python of a crew may ask the server that runs it. Code that runs elsewhere, too, guards the import."""

from __future__ import annotations

from coxswain_worker.scope import CallContext, current

__all__ = ["CallContext", "current_call"]


def current_call() -> CallContext | None:
    """The call that runs in this thread or task; None: none does."""
    call = current.get()
    return None if call is None else call.context
