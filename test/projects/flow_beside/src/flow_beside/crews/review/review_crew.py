from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class ReviewCrew:
    """Review crew."""

    agents_config = "../shared.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def critic(self) -> Agent:
        return Agent(config=self.agents_config["critic"])

    @task
    def judge(self) -> Task:
        return Task(config=self.tasks_config["judge"])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential, verbose=True)
