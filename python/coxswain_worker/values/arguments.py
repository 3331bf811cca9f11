"""Parameters of functions as JSON Schema, and arguments that are checked against them: with pydantic where it is."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

from ..trouble import BadArguments

# How much of a malformed text is quoted to the model.
_MAX_QUOTED_CHARS = 200

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}
_NAMED_TYPES = {known.__name__: known for known in _TYPES}


def read_object(text: str) -> dict[str, Any]:
    """
    Arguments are never repaired: what was cut off on its way must not run. Blank text counts as `{}`: some models call
    tools without parameters so.

    Raises:
        BadArguments: it is not the text of a JSON object
    """
    try:
        value = json.loads(text.strip() or "{}", parse_constant=_no_constant)
        if isinstance(value, dict):
            return value
        reason = "it is another kind of JSON"
    except (ValueError, RecursionError) as error:
        reason = str(error)
    start = text[:_MAX_QUOTED_CHARS] + ("…" if len(text) > _MAX_QUOTED_CHARS else "")
    raise BadArguments(f"The arguments must be one JSON object, and this is not ({reason}): {start}")


def misfit(problems: list[str]) -> BadArguments:
    listed = "; ".join(problems)
    return BadArguments(
        f"The arguments do not fit the tool's parameters. {listed}. Call it again with arguments that do."
    )


class Parameters:
    """What a tool takes."""

    def __init__(self, schema: dict[str, Any], check: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self.schema = schema
        # Gives the arguments as the tool gets them, or raises BadArguments.
        self.check = check


def parameters_of_model(model: Any) -> Parameters:
    """Of a model of pydantic."""

    def check(given: dict[str, Any]) -> dict[str, Any]:
        from pydantic import ValidationError

        try:
            return model.model_validate(given).model_dump()
        except ValidationError as error:
            raise misfit([_describe(problem) for problem in error.errors()]) from None

    return Parameters(model.model_json_schema(), check if model.model_fields else dict)


def parameters_of_function(function: Callable[..., Any], name: str) -> Parameters:
    """As CrewAI makes them from a signature."""
    signature = inspect.signature(function)
    simple = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    taken = [one for one in signature.parameters.values() if one.kind not in simple and one.name != "self"]
    takes_any = len(taken) == 0 and len(signature.parameters) > 0
    try:
        from pydantic import create_model
    except ImportError:
        return _plain_parameters(taken)
    if takes_any:
        return Parameters({"type": "object", "properties": {}}, dict)
    hints = _hints_of(function)
    fields: Any = {
        one.name: (hints.get(one.name, Any), ... if one.default is one.empty else one.default) for one in taken
    }
    return parameters_of_model(create_model(name, **fields))


def _plain_parameters(taken: list[inspect.Parameter]) -> Parameters:
    """Without pydantic, of scalars, lists and maps."""
    types = {one.name: _NAMED_TYPES.get(str(getattr(one.annotation, "__name__", one.annotation))) for one in taken}
    required = [one.name for one in taken if one.default is one.empty]
    properties: dict[str, Any] = {}
    for one in taken:
        known = types[one.name]
        properties[one.name] = {} if known is None else {"type": _TYPES[known]}
        if one.default is not one.empty:
            properties[one.name]["default"] = one.default

    def check(given: dict[str, Any]) -> dict[str, Any]:
        problems = [f"{name}: Field required" for name in required if name not in given]
        fitting = {}
        for one in taken:
            if one.name in given:
                fitting[one.name] = given[one.name]
                known = types[one.name]
                if known is not None and given[one.name] != one.default and not _fits(given[one.name], known):
                    problems.append(f"{one.name}: Input should be of the type {_TYPES[known]}")
        if problems:
            raise misfit(problems)
        return fitting

    return Parameters({"type": "object", "properties": properties, "required": required}, check)


def _fits(value: Any, known: type) -> bool:
    if isinstance(value, bool):
        return known is bool
    return isinstance(value, (int, float) if known is float else known)


def _hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    from typing import get_type_hints

    try:
        return get_type_hints(function, include_extras=True)
    except Exception:
        # A type that cannot be found, say.
        return {
            name: hint
            for name, hint in getattr(function, "__annotations__", {}).items()
            if not isinstance(hint, str)
        }


def _describe(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"])) or "the arguments"
    return f"{place}: {problem['msg']}"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
