"""Functions that the server calls: guardrails, callbacks, hooks, conditions."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

from ..trouble import CallError
from .held import Held, Way
from .plain import to_marked, to_plain

# What a function gives must get from one process to another.
MAX_VALUE_CHARS = 1_000_000


def hold_function(function: Callable[..., Any], receive: Callable[[Any], Any]) -> Held:
    """
    Args:
        receive: makes the values that the server sends
    """
    call = function if inspect.isroutine(function) else getattr(function, "__call__", function)
    is_async = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)

    def apply(text: str) -> Any:
        result = function(*map(receive, json.loads(text)))
        return finish_later(result) if inspect.isawaitable(result) else to_json(result)

    async def apply_async(text: str) -> str:
        return to_json(await function(*map(receive, json.loads(text))))

    async def finish_later(result: Any) -> str:
        return to_json(await result)

    return Held("a function", {"apply": Way(is_async, apply_async if is_async else apply)})


def describe_function(function: Callable[..., Any], key: str) -> dict[str, Any]:
    name = getattr(function, "__qualname__", type(function).__name__)
    return {"kind": "function", "key": key, "name": name}


def to_json(value: Any) -> str:
    """
    Raises:
        CallError: it is too long
    """
    text = json.dumps(to_marked(to_plain(value)))
    if len(text) > MAX_VALUE_CHARS:
        raise CallError(f"it gave {len(text)} characters, and may give {MAX_VALUE_CHARS}")
    return text
