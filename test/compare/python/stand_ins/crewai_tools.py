"""Stands for crewai_tools, whose 400 MB say nothing about the structure of a crew: a tool of any name."""

from typing import Any

from crewai.tools import BaseTool
from pydantic import ConfigDict


class _Tool(BaseTool):
    model_config = ConfigDict(extra="allow")
    name: str = "tool"
    description: str = "A tool of crewai_tools."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name = type(self).__name__

    def _run(self, **kwargs: Any) -> str:
        return ""


class _Tools(list):
    def filter_by_names(self, names):
        return [tool for tool in self if names is None or tool.name in names]


class MCPServerAdapter:
    """Gives the tools that are asked for, without a server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.tools = _Tools()
        self.tools.append(__getattr__("ships")())

    def stop(self) -> None:
        pass


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    made = type(name, (_Tool,), {"__module__": __name__})
    globals()[name] = made
    return made
