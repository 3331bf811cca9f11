from typing import Any, Tuple

from crewai import TaskOutput


def has_words(result: TaskOutput) -> Tuple[bool, Any]:
    """Refuses an empty text."""
    return (True, result.raw) if result.raw.strip() else (False, "Write something.")


def wants_more(output: TaskOutput) -> bool:
    return len(output.raw) < 100


def note(output):
    print(output)
