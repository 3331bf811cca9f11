from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field, field_validator

from models_elsewhere.models.base import Rated


class Finding(Rated):
    what: str = Field(alias="title")
    where: str | None = None
    children: list[Finding] = []


class Report(BaseModel):
    """
    What was found.

    By whom is not told.
    """

    day: date
    kind: Literal["short", "long"] = "short"
    findings: list[Finding] = Field(min_length=1, description="All of them")
    by_room: dict[str, list[int]] = {}

    @field_validator("findings")
    @classmethod
    def not_too_many(cls, value):
        return value[:10]
