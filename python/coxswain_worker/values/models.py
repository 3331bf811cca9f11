"""Models of pydantic, and what else pydantic validates, for outputs."""

from __future__ import annotations

import json
import sys
from typing import Any

from .functions import to_json
from .held import Held, Way
from .plain import to_finite, to_plain


def is_model(value: Any) -> bool:
    if not isinstance(value, type):
        return False
    is_typed = hasattr(value, "__dataclass_fields__") or hasattr(value, "__total__")
    return callable(getattr(value, "model_json_schema", None)) or (is_typed and _has_pydantic())


def describe_model(model: Any, key: str) -> dict[str, Any]:
    schema = model.model_json_schema() if hasattr(model, "model_json_schema") else _adapter(model).json_schema()
    return {"kind": "model", "key": key, "name": model.__name__, "schema": to_finite(to_plain(schema))}


def hold_model(model: Any) -> Held:
    def check(text: str) -> str:
        from pydantic import ValidationError

        try:
            return json.dumps({"valid": json.loads(to_json(make(model, json.loads(text))))})
        except ValidationError as error:
            problems = [{"at": list(map(_step, one["loc"])), "message": one["msg"]} for one in error.errors()]
            return json.dumps({"invalid": problems})

    return Held("a model", {"validate": Way(False, check)})


def make(model: Any, value: Any) -> Any:
    """An instance of the model."""
    if hasattr(model, "model_validate"):
        return model.model_validate(value)
    return _adapter(model).validate_python(value)


def _adapter(model: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(model)


def _step(step: Any) -> Any:
    return step if isinstance(step, int) else str(step)


def _has_pydantic() -> bool:
    return "pydantic" in sys.modules
