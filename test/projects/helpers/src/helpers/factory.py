from crewai import LLM
from crewai_tools import FileReadTool, SerperDevTool

MODELS = {"fast": "openai/gpt-4o-mini", "good": "openai/gpt-4o"}


def make_llm(kind: str = "good", temperature: float = 0.0) -> LLM:
    """Makes the model of a kind."""
    return LLM(model=MODELS[kind], temperature=temperature)


def make_tools(with_files: bool = False):
    tools = [SerperDevTool()]
    if with_files:
        tools.append(FileReadTool())
    return tools
