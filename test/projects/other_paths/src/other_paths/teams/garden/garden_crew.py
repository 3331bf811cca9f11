from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class GardenCrew:
    agents_config = "../../settings/people.yaml"
    tasks_config = "../../settings/work.yaml"

    @agent
    def gardener(self) -> Agent:
        return Agent(config=self.agents_config["gardener"])

    @task
    def dig(self) -> Task:
        return Task(config=self.tasks_config["dig"])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
