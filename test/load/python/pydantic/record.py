"""Writes what pydantic and CrewAI make of the forms beside this file into forms.json and tools.json.

    python test/load/python/pydantic/record.py           # with pydantic alone: forms.json
    python test/load/python/pydantic/record.py --print   # to the standard output instead, as one JSON
"""

import importlib.util
import inspect
import json
import os
import sys
import warnings
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path

import pydantic
import pydantic.networks
from pydantic import BaseModel, TypeAdapter

HERE = Path(__file__).parent

# EmailStr only looks whether the package is there; its schema is the same without it.
pydantic.networks.import_email_validator = lambda: None


def load(name: str):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def schema_of(value: type):
    if issubclass(value, BaseModel):
        return value.model_json_schema()
    return TypeAdapter(value).json_schema()


def record_forms():
    module = load("forms")
    own = {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__
    }
    schemas = {
        name: schema_of(value)
        for name, value in own.items()
        if issubclass(value, (BaseModel, Enum, dict)) or is_dataclass(value)
    }
    return {"pydantic": pydantic.VERSION, "schemas": schemas}


def record_tools():
    os.environ.setdefault("CREWAI_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("OTEL_SDK_DISABLED", "true")
    import crewai
    from crewai.tools import BaseTool
    from crewai.tools.base_tool import Tool

    module = load("tools")
    functions = {
        name: {"name": value.name, "schema": value.args_schema.model_json_schema()}
        for name, value in vars(module).items()
        if isinstance(value, Tool)
    }
    classes = {
        name: {"name": value().name, "schema": value().args_schema.model_json_schema()}
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, BaseTool) and value is not BaseTool
    }
    return {"crewai": crewai.__version__, "functions": functions, "classes": classes}


def main() -> None:
    warnings.simplefilter("ignore")
    recordings = {"forms": record_forms()}
    if importlib.util.find_spec("crewai") is not None:
        recordings["tools"] = record_tools()
    if "--print" in sys.argv:
        sys.stdout.reconfigure(encoding="utf-8")
        json.dump(recordings, sys.stdout, ensure_ascii=False)
        return
    for name, recording in recordings.items():
        text = json.dumps(recording, indent=2, ensure_ascii=False) + "\n"
        (HERE / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
