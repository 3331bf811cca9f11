import os

from .common import *  # noqa: F403

try:
    from control_flow.not_there import EXTRA
except ImportError:
    EXTRA = []

if VERBOSE:
    LEVEL = 2
else:
    LEVEL = 0


@CrewBase
class Weather:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    def __init__(self, region: str = "the coast", names=None):
        self.region = region
        self.names = names or NAMES
        self.tools = [FileReadTool(file_path=name) for name in self.names]
        self.iterations = 5

    @agent
    def observer(self) -> Agent:
        config = {**self.agents_config["observer"], "goal": f"Watch {self.region}"}
        tools = list(self.tools)
        for name in self.names:
            if name.startswith("one"):
                tools.append(SerperDevTool())
        return Agent(config=config, tools=tools, max_iter=self.iterations)

    @agent
    def speaker(self) -> Agent:
        options = dict(config=self.agents_config["speaker"])
        if os.getenv("WEATHER_DELEGATES"):
            options["allow_delegation"] = True
        options["max_iter"] = LEVEL * 4
        return Agent(**options)

    @task
    def observe(self) -> Task:
        try:
            return Task(config=self.tasks_config["observe"])
        except KeyError as error:
            raise ValueError("no such task") from error

    @task
    def speak(self) -> Task:
        path = os.path.join("output", "weather" + ".md")
        return Task(config=self.tasks_config["speak"], output_file=path)

    @crew
    def crew(self) -> Crew:
        print(f"Weather of {self.region}")
        process = Process.sequential if len(self.names) > 1 else Process.hierarchical
        return Crew(agents=self.agents, tasks=self.tasks, process=process, verbose=VERBOSE)
