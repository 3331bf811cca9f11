"""
A stand-in for `crewai.tools`, whose import takes seconds and 180 MB: enough for crews that only write tools. What is asked
of CrewAI beyond it is noted, and the process begins anew with the real one.
"""

import inspect
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

# What there is, by module.
OFFERED: dict[str, frozenset[str]] = {
    "crewai": frozenset({"tools"}),
    "crewai.tools": frozenset({"BaseTool", "tool"}),
    "crewai.tools.base_tool": frozenset({"BaseTool", "tool"}),
    "crewai_tools": frozenset({"BaseTool", "tool"}),
}

_asked_for: list[str] = []


def stand_in() -> None:
    """Puts it where CrewAI is imported from."""
    sys.meta_path.insert(0, _Finder())
    for name in OFFERED:
        sys.modules[name] = _StandIn(name)


def asked_for() -> list[str]:
    """What was asked for and is not there."""
    return _asked_for


def is_real_there() -> bool:
    """Whether CrewAI itself is installed."""
    return PathFinder.find_spec("crewai") is not None


def is_stand_in(module: str) -> bool:
    return isinstance(sys.modules.get(module.partition(".")[0]), (_StandIn, _OldTools))


def stand_in_for_old_names(imports_old: bool) -> None:
    """With the real CrewAI: its older versions had `BaseTool` in `crewai_tools`."""
    if not imports_old:
        return
    from crewai.tools import BaseTool, tool

    try:
        import crewai_tools
    except ImportError:
        crewai_tools = sys.modules["crewai_tools"] = _OldTools("crewai_tools")
    for name, value in (("BaseTool", BaseTool), ("tool", tool)):
        if not hasattr(crewai_tools, name):
            setattr(crewai_tools, name, value)


class _OldTools(ModuleType):
    """Where `crewai_tools` is not installed, but its old names are asked for."""


class _StandIn(ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name, "A stand-in.")
        self.__spec__ = ModuleSpec(name, None, is_package=True)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        full = f"{self.__name__}.{name}"
        if full in OFFERED:
            return sys.modules[full]
        if name in OFFERED[self.__name__]:
            return _made()[name]
        if not name.startswith("__"):
            _asked_for.append(full)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class _Finder:
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] in OFFERED and name not in sys.modules:
            _asked_for.append(name)


_cache: dict[str, Any] = {}


def _made() -> dict[str, Any]:
    if not _cache:
        base = _base_tool()
        _cache.update({"BaseTool": base, "tool": _decorator(base)})
    return _cache


def _base_tool() -> Any:
    try:
        from pydantic import BaseModel, ConfigDict
    except ImportError:
        return _PlainTool

    class BaseTool(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)

        name: str
        description: str
        env_vars: list[Any] = []
        args_schema: Any = None
        result_schema: Any = None
        cache_function: Any = None
        result_as_answer: bool = False
        max_usage_count: int | None = None
        current_usage_count: int = 0
        description_updated: bool = False

        def run(self, *args: Any, **kwargs: Any) -> Any:
            return self._run(*args, **kwargs)

        def _run(self, *args: Any, **kwargs: Any) -> Any:
            raise NotImplementedError(f"{type(self).__name__} has no _run")

        async def _arun(self, *args: Any, **kwargs: Any) -> Any:
            raise NotImplementedError(f"{type(self).__name__} has no _arun")

    return BaseTool


class _PlainTool:
    """Where pydantic is not installed: what is given, or what the class says."""

    name: str
    description: str
    args_schema = None
    result_as_answer = False

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def run(self, *args: Any, **kwargs: Any) -> Any:
        return self._run(*args, **kwargs)

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no _run")


def _decorator(base: Any) -> Any:
    class Tool(base):
        func: Any = None

        def _run(self, *args: Any, **kwargs: Any) -> Any:
            return self.func(*args, **kwargs)

    Tool.__module__ = "crewai.tools.base_tool"

    def tool(*given: Any, **options: Any) -> Any:
        def make(name: str, function: Any) -> Any:
            if function.__doc__ is None:
                raise ValueError("Function must have a docstring")
            return Tool(name=name, description=inspect.cleandoc(function.__doc__), func=function, **options)

        if len(given) == 1 and callable(given[0]):
            return make(given[0].__name__, given[0])
        return lambda function: make(given[0] if given else function.__name__, function)

    return tool
