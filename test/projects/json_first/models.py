from pydantic import BaseModel


class Map(BaseModel):
    """A map."""

    width: int
    height: int
    places: list[str] = []
