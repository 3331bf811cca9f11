from crewai.tools import tool


@tool
def reverse(text: str) -> str:
    """Turns a text around."""
    return text[::-1]


@tool("Count letters")
def count_letters(text: str, letter: str = "e") -> int:
    """Counts a letter in a text."""
    return text.count(letter)
