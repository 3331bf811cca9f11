from typing import Type

from crewai.tools import BaseTool
from pydantic import BaseModel, Field


class RulerInput(BaseModel):
    """What is measured."""

    text: str = Field(..., description="The text")
    unit: str = Field(default="characters", description="characters or words")


class RulerTool(BaseTool):
    name: str = "Ruler"
    description: str = "Tells how long a text is."
    args_schema: Type[BaseModel] = RulerInput
    limit: int = 100

    def _run(self, text: str, unit: str = "characters") -> str:
        size = len(text) if unit == "characters" else len(text.split())
        return str(min(size, self.limit))


class ShoutTool(BaseTool):
    name: str = "Shout"
    description: str = "Writes a text in capitals."

    def _run(self, text: str, times: int = 1) -> str:
        return text.upper() * times
