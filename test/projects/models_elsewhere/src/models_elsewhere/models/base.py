from enum import Enum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MAX_SCORE = 5

Score = Annotated[int, Field(ge=0, le=MAX_SCORE, description="0 is worst")]


class Rating(str, Enum):
    """How good it is."""

    GOOD = "good"
    BAD = "bad"


class Rated(BaseModel):
    """Something with a rating."""

    model_config = ConfigDict(extra="forbid")

    rating: Rating = Rating.GOOD
    score: Score
