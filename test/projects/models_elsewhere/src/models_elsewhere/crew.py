from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task

from .models import Finding, Report
from .models.base import Rated as RatedThing


@CrewBase
class Inspection:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def inspector(self) -> Agent:
        return Agent(config=self.agents_config["inspector"])

    @task
    def look(self) -> Task:
        return Task(config=self.tasks_config["look"], output_pydantic=Finding, async_execution=True)

    @task
    def rate(self) -> Task:
        return Task(
            config=self.tasks_config["rate"],
            output_pydantic=RatedThing,
            async_execution=True,
        )

    @task
    def report(self) -> Task:
        return Task(config=self.tasks_config["report"], output_pydantic=Report)

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
