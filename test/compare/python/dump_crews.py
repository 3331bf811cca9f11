"""Builds the crews of projects with CrewAI and writes what they hold, as JSON, to the standard output.

    python dump_crews.py <project>…

One line a project: {"project": name, "crews": {class: crew}} or {"project": name, "error": text}.
"""

import importlib
import inspect
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

STAND_INS = Path(__file__).parent / "stand_ins"
STORAGE = tempfile.mkdtemp(prefix="compare-crewai-")
# A model that no project names, so that it is known where none is given.
DEFAULT_MODEL = "gpt-the-default"

os.environ.update(
    OPENAI_API_KEY="x",
    OPENAI_MODEL_NAME=DEFAULT_MODEL,
    CREWAI_DISABLE_TELEMETRY="true",
    CREWAI_STORAGE_DIR=STORAGE,
    CREWAI_TRACING_ENABLED="false",
    OTEL_SDK_DISABLED="true",
    # Nothing of these projects is to leave the machine.
    OPENAI_BASE_URL="http://127.0.0.1:9/v1",
)
for name in ("MODEL", "MODEL_NAME", "OPENAI_API_BASE"):
    os.environ.pop(name, None)
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def main() -> None:
    sys.path.insert(0, str(STAND_INS))
    import crewai  # noqa: F401  slow, and done once: each project is built in a process forked from this one

    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a project prints is no answer.
    os.dup2(2, 1)
    for folder in (Path(name).resolve() for name in sys.argv[1:]):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                out.write(json.dumps(dump_project(folder), ensure_ascii=False) + "\n")
                out.flush()
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if status != 0:
            out.write(json.dumps({"project": folder.name, "error": f"ended with {status}"}) + "\n")
        out.flush()
    shutil.rmtree(STORAGE, ignore_errors=True)


def dump_project(folder: Path) -> dict:
    try:
        os.chdir(folder)
        load_environment(folder)
        return {"project": folder.name, "crews": dict(crews_of(folder))}
    except Exception:
        return {"project": folder.name, "error": traceback.format_exc()}


def load_environment(folder: Path) -> None:
    """As `crewai run` does it."""
    if (folder / ".env").exists():
        from dotenv import load_dotenv

        load_dotenv(folder / ".env")


def crews_of(folder: Path):
    source = folder / "src" if (folder / "src").is_dir() else folder
    sys.path[:0] = [str(source), str(folder)]
    for file in [folder / "crew.jsonc", folder / "crew.json"]:
        if file.exists():
            from crewai.project import load_crew

            crew, _ = load_crew(file)
            yield crew.name, dump_crew(crew, names=None)
    for file in sorted(source.rglob("*.py")):
        if "@CrewBase" not in file.read_text(encoding="utf-8"):
            continue
        # A file that is started as a script finds what lies beside it.
        sys.path += [str(one) for one in file.parents if folder in one.parents and str(one) not in sys.path]
        module = importlib.import_module(".".join(file.relative_to(source).with_suffix("").parts))
        for name, value in vars(module).items():
            is_own = inspect.isclass(value) and value.__module__ == module.__name__
            if is_own and getattr(value, "is_crew_class", False):
                yield name, dump_instance(value())


def dump_instance(instance) -> dict:
    crew = instance.crew()
    names = {id(getattr(instance, name)()): name for name in instance.__crew_metadata__["original_agents"]}
    dumped = dump_crew(crew, names)
    hooks = instance.__crew_metadata__
    dumped.update(
        beforeKickoff=list(hooks["before_kickoff"]),
        afterKickoff=[name for name in hooks["after_kickoff"] if name != "close_mcp_server"],
    )
    return compact(dumped)


def dump_crew(crew, names) -> dict:
    return compact(
        {
            "process": crew.process.value,
            "agents": [dump_agent(agent, names) for agent in crew.agents],
            "tasks": [dump_task(task, crew) for task in crew.tasks],
            "manager": None if crew.manager_agent is None else dump_agent(crew.manager_agent, {}),
            "managerLlm": dump_llm(crew.manager_llm),
            "memory": crew.memory is not None and crew.memory is not False,
            "planning": bool(crew.planning),
            "planningLlm": dump_llm(crew.planning_llm) if crew.planning else None,
            "knowledge": [type(one).__name__ for one in crew.knowledge_sources or []],
            "maxRpm": crew.max_rpm,
            "stepCallback": dump_function(crew.step_callback),
            "taskCallback": dump_function(crew.task_callback),
        }
    )


def dump_agent(agent, names) -> dict:
    return compact(
        {
            # In JSON the name of the file, which the object does not keep.
            "name": None if names is None else names.get(id(agent)),
            "role": agent.role,
            "goal": agent.goal,
            "backstory": agent.backstory,
            "tools": [dump_tool(tool) for tool in agent.tools or []],
            "llm": dump_llm(agent.llm),
            "maxIter": None if agent.max_iter == 25 else agent.max_iter,
            "allowDelegation": agent.allow_delegation,
            "reasoning": bool(getattr(agent, "reasoning", False) or getattr(agent, "planning_config", None)),
            "knowledge": [type(one).__name__ for one in agent.knowledge_sources or []],
            "mcps": [str(one) for one in getattr(agent, "mcps", None) or []],
            "stepCallback": dump_function(agent.step_callback),
        }
    )


def dump_task(task, crew) -> dict:
    return compact(
        {
            "name": task.name,
            "type": None if type(task).__name__ == "Task" else type(task).__name__,
            "description": task.description,
            "expectedOutput": task.expected_output or None,
            "agent": None if task.agent is None else task.agent.role,
            # CrewAI's mark for "nothing said" is an object of its own.
            "context": [one.name for one in task.context] if isinstance(task.context, list) else None,
            "tools": [dump_tool(tool) for tool in task.tools or [] if tool not in (getattr(task.agent, "tools", None) or [])],
            "async": bool(task.async_execution),
            "outputFile": task.output_file,
            "output": dump_output(task),
            "humanInput": bool(task.human_input),
            "markdown": bool(task.markdown),
            "guardrails": [
                one if isinstance(one, str) else dump_function(one)
                for one in [*([task.guardrail] if task.guardrail else []), *as_list(task.guardrails)]
            ],
            "guardrailMaxRetries": None if task.guardrail_max_retries == 3 else task.guardrail_max_retries,
            "callback": dump_function(task.callback),
            "condition": dump_function(getattr(task, "condition", None)),
        }
    )


def as_list(value) -> list:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def dump_output(task):
    for kind, model in (("pydantic", task.output_pydantic), ("json", task.output_json)):
        if model is not None:
            return {"kind": kind, "model": model.__name__, "schema": model.model_json_schema()}
    return None


def dump_tool(tool) -> str:
    return type(tool).__name__ if type(tool).__module__ == "crewai_tools" else tool.name


def dump_llm(llm):
    if llm is None:
        return None
    if isinstance(llm, str):
        return {"model": llm}
    model = str(llm.model)
    provider = getattr(llm, "provider", None) or ""
    if model == DEFAULT_MODEL:
        return None
    given = {
        "model": model if model.startswith(f"{provider}/") else f"{provider}/{model}",
        "temperature": getattr(llm, "temperature", None),
        "maxTokens": getattr(llm, "max_tokens", None),
        # CrewAI completes that of Ollama.
        "baseUrl": re.sub(r"/v1$", "", getattr(llm, "base_url", None) or ""),
    }
    return compact(given)


def dump_function(function):
    if function is None:
        return None
    return getattr(function, "__name__", None) or re.sub(r" at 0x\w+", "", repr(function))


def compact(value: dict) -> dict:
    """Without what says nothing."""
    return {key: one for key, one in value.items() if says(one)}


def says(value) -> bool:
    # 0 says something.
    return value is not None and value is not False and value not in ("", [], {})


if __name__ == "__main__":
    main()
