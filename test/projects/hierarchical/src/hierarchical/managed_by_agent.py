from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class ManagedByAgent:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def mason(self) -> Agent:
        return Agent(config=self.agents_config["mason"])

    @agent
    def joiner(self) -> Agent:
        return Agent(config=self.agents_config["joiner"])

    @task
    def build(self) -> Task:
        return Task(config=self.tasks_config["build"])

    @task
    def furnish(self) -> Task:
        return Task(config=self.tasks_config["furnish"])

    @crew
    def crew(self) -> Crew:
        manager = Agent(
            config=self.agents_config["manager"],
            allow_delegation=True,
        )
        return Crew(
            agents=self.agents,
            tasks=self.tasks,
            process=Process.hierarchical,
            manager_agent=manager,
        )
