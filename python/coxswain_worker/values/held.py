"""What stays here of a value, and is called by its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Way(NamedTuple):
    """A way to call something."""

    is_async: bool
    # From the arguments as JSON to the result as text; that of an asynchronous one is awaited.
    start: Callable[[str], Any]


class Held(NamedTuple):
    # For people, e.g. `a tool`.
    what: str
    # By what a call is to do.
    ways: dict[str, Way]
