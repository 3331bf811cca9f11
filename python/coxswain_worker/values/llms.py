"""Language models. The server calls them itself, as they are described here; those of the crew's own are called here."""

from __future__ import annotations

import inspect
import json
import os
from typing import Any

from .functions import to_json
from .held import Held, Way
from .plain import to_finite, to_plain

_MODULES = ("crewai", "langchain", "litellm")
# As they are called in one library or another, by what they mean.
_PARAMETERS = {
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "max_tokens": ("max_tokens", "max_output_tokens"),
    "max_completion_tokens": ("max_completion_tokens",),
    "timeout": ("timeout", "request_timeout"),
    "seed": ("seed",),
    "stop": ("stop", "stop_sequences"),
    "frequency_penalty": ("frequency_penalty",),
    "presence_penalty": ("presence_penalty",),
    "n": ("n",),
    "reasoning_effort": ("reasoning_effort",),
    "api_version": ("api_version", "openai_api_version"),
    "region": ("region_name", "aws_region_name"),
}
_MODEL_NAMES = ("model", "model_name", "deployment_name", "azure_deployment", "model_id")
_BASE_URLS = ("base_url", "api_base", "openai_api_base", "azure_endpoint", "endpoint", "endpoint_url")
_KEYS = ("api_key", "openai_api_key", "anthropic_api_key", "google_api_key", "groq_api_key", "azure_openai_api_key")


def is_llm(value: Any) -> bool:
    if isinstance(value, type):
        return False
    kinds = [(kind.__module__.partition(".")[0], kind.__name__) for kind in type(value).__mro__]
    is_known = any(
        root.startswith(_MODULES) and name in ("BaseLLM", "LLM", "BaseLanguageModel") for root, name in kinds
    )
    return is_known and any(hasattr(value, name) for name in _MODEL_NAMES)


def is_custom(value: Any) -> bool:
    """Whether its `call` is of the crew's own, and not of CrewAI."""
    for kind in type(value).__mro__:
        if "call" in vars(kind):
            return not kind.__module__.startswith(_MODULES)
    return False


def describe_llm(value: Any, key: str) -> dict[str, Any]:
    """Without the key of the provider, of which only the variable is told that holds it."""
    found = {
        name: _plain(_first(value, names)) for name, names in _PARAMETERS.items() if _first(value, names) is not None
    }
    secret = _first(value, _KEYS)
    secret = secret.get_secret_value() if hasattr(secret, "get_secret_value") else secret
    return {
        "kind": "custom_llm" if is_custom(value) else "llm",
        "key": key,
        "className": f"{type(value).__module__}.{type(value).__qualname__}",
        "model": str(_first(value, _MODEL_NAMES) or ""),
        "provider": _text_or_none(_attribute(value, "provider")),
        "baseUrl": _text_or_none(_first(value, _BASE_URLS)),
        "apiKeyVariable": None if not secret else _variable_with(secret),
        "hasApiKey": bool(secret),
        "parameters": {name: given for name, given in found.items() if given not in ([], {})},
    }


def hold_llm(value: Any) -> Held:
    """A model of the crew's own: it is given messages, and gives a text or the tools that it wants called."""

    def complete(text: str) -> str:
        request = json.loads(text)
        extra = {"tools": request.get("tools") or None}
        taken = inspect.signature(value.call).parameters
        takes_any = any(one.kind is one.VAR_KEYWORD for one in taken.values())
        return to_json(value.call(request["messages"], **{k: v for k, v in extra.items() if takes_any or k in taken}))

    return Held("a model of its own", {"complete": Way(False, complete)} if is_custom(value) else {})


def _first(value: Any, names: tuple[str, ...]) -> Any:
    return next((given for name in names if (given := _attribute(value, name)) is not None), None)


def _attribute(value: Any, name: str) -> Any:
    try:
        return getattr(value, name, None)
    except Exception:
        # A property may ask the network.
        return None


def _variable_with(secret: Any) -> str | None:
    return next((name for name, given in os.environ.items() if given == str(secret)), None)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)


def _plain(value: Any) -> Any:
    return to_finite(to_plain(value))
