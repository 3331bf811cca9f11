from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task

from inheriting.base import WithHelper


@CrewBase
class Workshop(WithHelper):
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def master(self) -> Agent:
        return Agent(config=self.agents_config["master"], max_iter=self.iterations + 1)

    @task
    def plan(self) -> Task:
        return Task(config=self.tasks_config["plan"], agent=self.master())

    @task
    def saw(self) -> Task:
        return Task(config=self.tasks_config["saw"], agent=self.helper())

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
