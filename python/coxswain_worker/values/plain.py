"""Values of Python as text and as plain JSON, whatever they hold."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from ..trouble import well_formed

# What stands for a value that JSON has no form for: an object with this one key.
MARK = "$"

_MAX_DEPTH = 50
# Beyond, JavaScript has no exact number.
_MAX_INTEGER = 2**53 - 1


def to_text(value: Any) -> str:
    """As a model reads it."""
    if isinstance(value, str):
        return well_formed(value)
    if value is None:
        return "(no result)"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _text_of_bytes(bytes(value))
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    plain = to_plain(value)
    return plain if isinstance(plain, str) else well_formed(json.dumps(plain, ensure_ascii=False))


def to_plain(value: Any, around: tuple[int, ...] = ()) -> Any:
    """Maps, lists and scalars; a number that JSON cannot hold is left to its reader."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return well_formed(str(value))
    if id(value) in around or len(around) > _MAX_DEPTH:
        return "(…)"
    inner = (*around, id(value))
    if isinstance(value, dict):
        return {_key(key): to_plain(item, inner) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item, inner) for item in value]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _text_of_bytes(bytes(value))
    fields = fields_of(value)
    return _text_of(value) if fields is None else to_plain(fields, inner)


def to_finite(value: Any) -> Any:
    """Plain JSON for readers who know nothing else."""
    if isinstance(value, float) and value - value != 0:
        return str(value)
    if isinstance(value, list):
        return [to_finite(item) for item in value]
    return {key: to_finite(item) for key, item in value.items()} if isinstance(value, dict) else value


def to_marked(value: Any) -> Any:
    """Plain JSON in which what JSON has no form for is marked."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {MARK: ["number", {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")]}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _MAX_INTEGER:
        return {MARK: ["bigint", str(value)]}
    if isinstance(value, list):
        return [to_marked(item) for item in value]
    if isinstance(value, dict):
        entries = [[key, to_marked(item)] for key, item in value.items()]
        return {MARK: ["map", entries]} if MARK in value else dict(entries)
    return value


def fields_of(value: Any) -> dict[str, Any] | None:
    """Of an object that is there for its fields: of pydantic, a dataclass, or made here. None: it is another one."""
    if isinstance(value, type):
        return None
    dump = getattr(type(value), "model_dump", None)
    if callable(dump):
        try:
            return value.model_dump(mode="json")
        except Exception:
            return None
    names = getattr(type(value), "__dataclass_fields__", None)
    if names is not None:
        return {name: getattr(value, name, None) for name in names}
    if isinstance(value, SentObject):
        return vars(value)
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(value, enum.Enum):
        return None
    return None


class SentObject:
    """An object that the server has described, such as the output of a task, where CrewAI's own is not there."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__.update(fields)

    def __str__(self) -> str:
        return str(self.__dict__.get("raw", self.__dict__.get("output", "")))

    def __getitem__(self, name: str) -> Any:
        return self.to_dict()[name]

    @property
    def json(self) -> str | None:
        given = self.__dict__.get("json_dict")
        return None if given is None else json.dumps(given)

    def to_dict(self) -> dict[str, Any]:
        given = self.__dict__.get("json_dict")
        return given or fields_of(self.__dict__.get("pydantic")) or {}


def _key(key: Any) -> str:
    return well_formed(key) if isinstance(key, str) else _text_of(key)


def _text_of_bytes(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()


def _text_of(value: Any) -> str:
    try:
        enum = sys.modules.get("enum")
        if enum is not None and isinstance(value, enum.Enum):
            return str(value.value)
        return well_formed(str(value))
    except Exception:
        return f"({type(value).__name__})"
