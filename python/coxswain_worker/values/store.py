"""The values of a crew that were loaded, as the server sees them and as they are called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ..trouble import CallError, describe, is_own
from .functions import describe_function, hold_function
from .held import Held
from .llms import describe_llm, hold_llm, is_llm
from .models import describe_model, hold_model, is_model, make
from .plain import MARK, SentObject, to_marked, to_plain
from .sources import Sources
from .tools import Tool, ToolDefaults, instance_of, is_tool, tools_in

Reference = dict[str, Any]

# CrewAI's own classes, for code that asks what it was given.
_SENT = {
    "TaskOutput": "crewai.tasks.task_output",
    "CrewOutput": "crewai.crews.crew_output",
    "AgentAction": "crewai.agents.parser",
    "AgentFinish": "crewai.agents.parser",
}


class Store:
    def __init__(self, defaults: ToolDefaults) -> None:
        self._defaults = defaults
        self._sources = Sources()
        self._held: dict[str, Held] = {}
        self._models: dict[str, Any] = {}
        self._tools: dict[int, tuple[str, Tool]] = {}
        self._errors: dict[str, str] = {}
        self._loaded: dict[str, dict[str, Any]] = {}
        # Values are kept, so that no other gets the identity of one.
        self._kept: list[Any] = []

    def load(self, reference: Reference) -> dict[str, Any]:
        """
        Raises:
            BaseException: whatever the code raises
        """
        key = reference["key"]
        if key in self._loaded:
            return self._loaded[key]
        value = instance_of(self._sources.evaluate(reference["expr"], reference["names"]))
        found: dict[str, dict[str, Any]] = {}
        encoded = self._encode(value, key, found, ())
        self._errors.pop(key, None)
        self._loaded[key] = {"key": key, "value": encoded, "tools": list(found.values())}
        return self._loaded[key]

    def note_error(self, key: str, error: str) -> None:
        self._errors[key] = error

    def find(self, key: str) -> Held:
        held = self._held.get(key)
        if held is not None:
            return held
        error = self._errors.get(key) or self._errors.get(key.rpartition("#")[0])
        raise CallError(f"the crew has no {key} any more" if error is None else f"it cannot be loaded: {error}")

    def receive(self, value: Any) -> Any:
        """A value that the server has sent."""
        if isinstance(value, list):
            return [self.receive(one) for one in value]
        if not isinstance(value, dict):
            return value
        if MARK not in value:
            return {name: self.receive(one) for name, one in value.items()}
        kind, *parts = value[MARK]
        if kind == "map":
            return {name: self.receive(one) for name, one in parts[0]}
        if kind == "number":
            return float(parts[0].replace("Infinity", "inf"))
        if kind == "bigint":
            return int(parts[0])
        if kind == "undefined":
            return None
        if kind == "made":
            model = self._models.get(parts[0])
            return parts[1] if model is None else make(model, self.receive(parts[1]))
        if kind == "object":
            return _sent(parts[0], {name: self.receive(one) for name, one in parts[1].items()})
        raise CallError(f"a value of the kind {kind} cannot be sent")

    def _encode(self, value: Any, key: str, found: dict[str, Any], around: tuple[int, ...]) -> Any:
        if value is None or isinstance(value, (str, bool, int, float)):
            return to_marked(to_plain(value))
        if id(value) in around:
            return {MARK: ["circle"]}
        if is_tool(value):
            return {MARK: ["tool", self._hold_tool(value, key, found, bool(around))]}
        inner = (*around, id(value))
        brought = tools_in(value)
        if brought is not None:
            self._kept.append(value)
            return [self._encode(one, key, found, inner) for one in brought]
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._encode(instance_of(one), key, found, inner) for one in value]
        if isinstance(value, dict):
            entries = [[str(name), self._encode(one, f"{key}#{name}", found, inner)] for name, one in value.items()]
            return {MARK: ["map", entries]} if MARK in value else dict(entries)
        return self._encode_other(value, key)

    def _encode_other(self, value: Any, key: str) -> Any:
        if is_model(value):
            self._models[key] = value
            return self._hold(key, value, hold_model(value), describe_model(value, key))
        if is_llm(value):
            return self._hold(key, value, hold_llm(value), describe_llm(value, key))
        if callable(value):
            return self._hold(key, value, hold_function(value, self.receive), describe_function(value, key))
        plain = to_plain(value)
        if not isinstance(plain, str):
            return to_marked(plain)
        name = f"{type(value).__module__}.{type(value).__qualname__}"
        return {MARK: ["held", {"kind": "object", "className": name, "text": plain[:200]}]}

    def _hold(self, key: str, value: Any, held: Held, described: dict[str, Any]) -> Any:
        self._kept.append(value)
        self._held[key] = held
        return {MARK: ["held", described]}

    def _hold_tool(self, value: Any, key: str, found: dict[str, Any], is_inner: bool) -> str:
        """The first key that it was given, however often it is found."""
        known = self._tools.get(id(value))
        if known is None:
            tool = Tool(value, self._defaults)
            known = (self._free_key(f"{key}#{tool.name}" if is_inner else key), tool)
            self._kept.append(value)
            self._tools[id(value)] = known
            self._held[known[0]] = tool.held()
        if not is_inner:
            # The server may know it by this key alone.
            self._held.setdefault(key, known[1].held())
        found[known[0]] = known[1].data(known[0])
        return known[0]

    def _free_key(self, wanted: str) -> str:
        key = wanted
        count = 2
        while key in self._held:
            key = f"{wanted}#{count}"
            count += 1
        return key


def load_error(reference: Reference, error: BaseException) -> dict[str, Any]:
    """With the package that is missing, if it is one."""
    from ..packages import describe_missing

    missing = describe_missing(error)
    text = describe(error)
    # Where it went wrong is told by the error, unless that was before any code of the project ran.
    if missing is not None and not text.startswith(_own_places(error)):
        text = f"{reference['at']}: {text}"
    told = {} if missing is None else {"missing": {"package": missing.package, "command": missing.command}}
    return {"key": reference["key"], "error": text, **told}


def _own_places(error: BaseException) -> tuple[str, ...]:
    from ..trouble import frames_of, shown

    return tuple(f"{shown(file)}:{line}: " for file, line, _ in frames_of(error) if is_own(file))


def _sent(name: str, fields: dict[str, Any]) -> Any:
    module = sys.modules.get(_SENT.get(name, "").partition(".")[0])
    if module is not None and hasattr(module, "__file__"):
        try:
            import importlib

            kind: Callable[..., Any] = getattr(importlib.import_module(_SENT[name]), name)
            return kind(**fields)
        except Exception:
            # Of a version that takes other fields.
            pass
    return type(name, (SentObject,), {})(fields)
