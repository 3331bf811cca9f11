"""Tools in every form of arguments. record.py writes what CrewAI makes of each into tools.json."""

from enum import Enum
from typing import Any, List, Literal, Optional, Type

from crewai.tools import BaseTool, tool
from pydantic import BaseModel, Field
from typing_extensions import Annotated


class Mode(str, Enum):
    FAST = "fast"
    SLOW = "slow"


class Query(BaseModel):
    """What is looked for."""

    text: str = Field(..., description="The words")
    limit: int = Field(default=5, ge=1, le=50)


@tool
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@tool("Search the web")
def search(query: str, limit: int = 10, *args, **kwargs) -> str:
    """Searches.

    Args:
        query: what for
    """
    return query


@tool("word_count-2 now")
def count_words(text, minimum=3, *, exact: bool = False):
    """Counts."""
    return 0


@tool(result_as_answer=True)
def answer(items: List[str], mode: Mode = Mode.FAST, maybe: Optional[int] = None) -> str:
    """Answers."""
    return ""


@tool
def described(
    text: Annotated[str, Field(description="The text")],
    size: int = Field(default=3, gt=0, description="How large"),
    kind: Literal["a", "b"] = "a",
    query: Optional[Query] = None,
    anything: Any = None,
) -> str:
    """With what Field says."""
    return ""


@tool
def nothing() -> str:
    """Takes nothing."""
    return ""


class WithSchema(BaseTool):
    name: str = "With a schema"
    description: str = "Has one of its own"
    args_schema: Type[BaseModel] = Query

    def _run(self, text: str, limit: int = 5) -> str:
        return text


class FromRun(BaseTool):
    name: str = "From the signature"
    description: str = "Has none"

    def _run(self, path: str, depth: int = 2, flags: List[str] = [], **kwargs) -> str:
        return path


class FromAsyncRun(BaseTool):
    name: str = "From the other signature"
    description: str = "Takes arguments only there"

    def _run(self) -> str:
        return ""

    async def _arun(self, url: str) -> str:
        return url


class Untyped(BaseTool):
    name: str = "Untyped"
    description: str = "Says nothing of types"

    def _run(self, one, two=None):
        return one


class Inheriting(FromRun):
    name: str = "Inheriting"


class InheritingSchema(WithSchema):
    name: str = "Inheriting a schema"


class Without(BaseTool):
    name: str = "Without"
    description: str = "Takes nothing at all"

    def _run(self) -> str:
        return ""
