from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class PondCrew:
    # No paths: config/agents.yaml and config/tasks.yaml beside this file.

    @agent
    def frog(self) -> Agent:
        return Agent(config=self.agents_config["frog"])

    @task
    def croak(self) -> Task:
        return Task(config=self.tasks_config["croak"])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
