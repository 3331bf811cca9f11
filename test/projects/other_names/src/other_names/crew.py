from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class Orchestra:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def conductor(self) -> Agent:
        return Agent(config=self.agents_config["the_conductor"])

    @agent
    def librarian(self) -> Agent:
        return Agent(config=self.agents_config["librarian"])

    @agent
    def first_violin(self) -> Agent:
        return Agent(config=self.agents_config["violinist"], allow_delegation=True)

    @task
    def rehearse(self) -> Task:
        return Task(config=self.tasks_config["rehearsal"], output_file="first.md")

    @task
    def tune(self) -> Task:
        return Task(config=self.tasks_config["tuning"], name="tuning up")

    @task
    def rehearse(self) -> Task:  # noqa: F811
        return Task(config=self.tasks_config["rehearsal"], output_file="second.md")

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
