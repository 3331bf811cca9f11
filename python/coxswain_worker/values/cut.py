"""Results that are too long for whom they are for."""

from __future__ import annotations

# A longer text would fill the context window of most models.
MAX_RESULT_CHARS = 100_000
# The final answer is for people and is not cut, but has to get from one process to another.
MAX_ANSWER_CHARS = 4_000_000


def cut(text: str, max_chars: int) -> str:
    """The text, or as much of it as is kept, with a last line that says so."""
    if len(text) <= max_chars:
        return text
    return f"{text[:max_chars]}\n[Cut: these are the first {max_chars} of {len(text)} characters.]"
