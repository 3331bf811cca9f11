"""Where the names of an expression come from. Every source is evaluated once, so that what is shared stays shared."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from typing import Any

from ..crewai_light import is_stand_in
from ..trouble import CallError

Source = dict[str, Any]


class Sources:
    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def evaluate(self, expression: str, names: dict[str, Source]) -> Any:
        values = {name: self._value_of(source) for name, source in names.items()}
        return eval(compile(expression, "<expression>", "eval"), values)  # noqa: S307 - the crew's own code

    def _value_of(self, source: Source) -> Any:
        known = json.dumps(source, sort_keys=True)
        if known not in self._made:
            self._made[known] = self._make(source)
        return self._made[known]

    def _make(self, source: Source) -> Any:
        if "import" in source:
            return import_path(source["import"])
        if "value" in source:
            return source["value"]
        if "env" in source:
            return os.environ.get(source["env"])
        if "list" in source:
            return [self._value_of(one) for one in source["list"]]
        if "self" in source:
            return import_path(source["self"])()
        if "expr" in source:
            return self.evaluate(source["expr"], source["names"])
        raise CallError(f"a name comes from {json.dumps(source)}, which is no source")


def import_path(path: str) -> Any:
    """A module, or something in one: `tools.calculator_tool:CalculatorTool`."""
    name, _, attributes = path.partition(":")
    value = importlib.import_module(name)
    for attribute in filter(None, attributes.split(".")):
        try:
            value = getattr(value, attribute)
        except AttributeError:
            # A module in a package is an attribute only once it was imported.
            value = _module_in(value, attribute, path)
    return value


def modules_of(names: dict[str, Source]) -> Iterator[str]:
    """Paths of what the sources import."""
    for source in names.values():
        yield from _imports_of(source)


def _imports_of(source: Source) -> Iterator[str]:
    for kind in ("import", "self"):
        if kind in source:
            yield source[kind]
    for one in source.get("list", []):
        yield from _imports_of(one)
    yield from modules_of(source.get("names", {}))


def _module_in(package: Any, name: str, path: str) -> Any:
    where = getattr(package, "__name__", "")
    if is_stand_in(where):
        raise ModuleNotFoundError(f"No module named {path.partition(':')[0]!r}", name=where)
    if not hasattr(package, "__path__"):
        raise CallError(f"there is no {name} in {where or type(package).__name__} ({path})") from None
    try:
        return importlib.import_module(f"{where}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{where}.{name}":
            raise
        raise CallError(f"there is no {name} in {where} ({path})") from None
