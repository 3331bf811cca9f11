from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class Archive:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def collector(self) -> Agent:
        return Agent(config=self.agents_config["collector"])

    @agent
    def archivist(self) -> Agent:
        return Agent(**{"config": self.agents_config["archivist"]})

    @agent
    def visitor(self) -> Agent:
        return Agent(config=self.agents_config["visitor"])

    @task
    def collect(self) -> Task:
        return Task(config=self.tasks_config["collect"], agent=self.collector())

    @task
    def store(self) -> Task:
        return Task(
            description=self.tasks_config["store"]["description"],
            expected_output=self.tasks_config["store"].get("expected_output"),
            agent=self.archivist(),
            # The first of them is no task of the crew.
            context=[self.collect(), self.sort()],
        )

    @task
    def sort(self) -> Task:
        return Task(
            config=self.tasks_config["sort"],
            agent=self.archivist(),
            context=[self.collect()],
        )

    @crew
    def crew(self) -> Crew:
        tasks = [self.sort(), self.store()]
        return Crew(
            agents=[self.archivist(), self.collector()],
            tasks=tasks,
            process=Process.sequential,
            name="The archive",
        )
