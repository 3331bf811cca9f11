"""Tools: those of CrewAI or its stand-in, langchain's, and what gives lists of them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from ..trouble import CallError, well_formed
from .arguments import Parameters, parameters_of_function, parameters_of_model, read_object
from .cut import MAX_ANSWER_CHARS, MAX_RESULT_CHARS, cut
from .held import Held, Way
from .plain import to_finite, to_plain, to_text

_ON_CRASH = ("retry", "ask", "fail")

# Older versions of CrewAI put name and parameters before what the author has written.
_COMPOSED = re.compile(r"^Tool Name:.*\nTool Arguments:.*\nTool Description:\s*", re.S)


class ToolDefaults(NamedTuple):
    """What a tool is given that does not say it itself."""

    on_crash: str
    timeout_ms: float


class Tool:
    """A tool that can be called, whatever library it is of."""

    def __init__(self, value: Any, defaults: ToolDefaults) -> None:
        self.value = value
        self.name = well_formed(str(value.name))
        self.description = well_formed(_COMPOSED.sub("", str(value.description or "")))
        self._run = _run_of(value)
        self._parameters = _parameters_of(value, self._run)
        self._schema = to_finite(to_plain(self._parameters.schema))
        self._is_answer = bool(getattr(value, "result_as_answer", getattr(value, "return_direct", False)))
        self._on_crash = _on_crash_of(value, defaults)
        self._timeout_ms = _timeout_of(value, defaults)

    def data(self, key: str) -> dict[str, Any]:
        return {
            "key": key,
            "name": self.name,
            "description": self.description,
            "parameters": {"schema": self._schema},
            "resultAsAnswer": self._is_answer,
            "timeoutMs": self._timeout_ms,
            "onCrash": self._on_crash,
        }

    def held(self) -> Held:
        is_async = inspect.iscoroutinefunction(self._run)
        return Held("a tool", {"tool": Way(is_async, self._call_async if is_async else self._call)})

    def _call(self, text: str) -> Any:
        result = self._run(**self._parameters.check(read_object(text)))
        return self._finish_later(result) if inspect.isawaitable(result) else self._finish(result)

    async def _call_async(self, text: str) -> str:
        return self._finish(await self._run(**self._parameters.check(read_object(text))))

    async def _finish_later(self, result: Any) -> str:
        return self._finish(await result)

    def _finish(self, result: Any) -> str:
        return cut(to_text(result), MAX_ANSWER_CHARS if self._is_answer else MAX_RESULT_CHARS)


def instance_of(value: Any) -> Any:
    """A class of tools stands for a tool without arguments."""
    is_tool_class = isinstance(value, type) and callable(getattr(value, "_run", None)) and _is_named(value)
    return value() if is_tool_class and not inspect.isabstract(value) else value


def is_tool(value: Any) -> bool:
    if isinstance(value, type):
        return False
    is_named = isinstance(getattr(value, "name", None), str) and hasattr(value, "description")
    return is_named and any(callable(getattr(value, run, None)) for run in ("_run", "invoke"))


def tools_in(value: Any) -> list[Any] | None:
    """What an adapter, such as one to MCP servers, or a toolkit brings. None: it is none."""
    if isinstance(value, (type, dict, str)) or is_tool(value):
        return None
    tools = getattr(value, "tools", None)
    if tools is None and callable(getattr(value, "get_tools", None)):
        tools = value.get_tools()
    try:
        found = None if tools is None or callable(tools) else list(tools)
    except TypeError:
        return None
    return found if found is not None and all(is_tool(one) for one in found) else None


def _is_named(kind: type) -> bool:
    return any("name" in vars(one) or "name" in vars(one).get("__annotations__", {}) for one in kind.__mro__)


def _run_of(value: Any) -> Callable[..., Any]:
    root = type(value).__module__.partition(".")[0]
    # Its own arguments come in one map, beside those of the library.
    if root.startswith("langchain") or not callable(getattr(value, "_run", None)):
        if callable(getattr(value, "func", None)) and not root.startswith("langchain"):
            return value.func
        return lambda **arguments: value.invoke(arguments)
    wrapped = getattr(value, "func", None)
    return wrapped if inspect.iscoroutinefunction(wrapped) else value._run


def _parameters_of(value: Any, run: Callable[..., Any]) -> Parameters:
    schema = getattr(value, "tool_call_schema", None) or getattr(value, "args_schema", None)
    if isinstance(schema, dict):
        return Parameters(schema, dict)
    is_placeholder = getattr(schema, "__name__", "") == "_ArgsSchemaPlaceholder"
    if isinstance(schema, type) and hasattr(schema, "model_json_schema") and not is_placeholder:
        return parameters_of_model(schema)
    wrapped = getattr(value, "func", None)
    return parameters_of_function(wrapped if callable(wrapped) else run, f"{type(value).__name__}Schema")


def _on_crash_of(value: Any, defaults: ToolDefaults) -> str:
    given = getattr(value, "on_crash", defaults.on_crash)
    if given not in _ON_CRASH:
        raise CallError(f"{value.name}: on_crash must be one of {', '.join(_ON_CRASH)}, got {given!r}")
    return given


def _timeout_of(value: Any, defaults: ToolDefaults) -> float:
    given = getattr(value, "timeout_ms", defaults.timeout_ms)
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 < given < 2**31:
        raise CallError(f"{value.name}: timeout_ms must be a number of milliseconds, got {given!r}")
    return given
