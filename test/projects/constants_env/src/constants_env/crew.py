import os

from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task

from constants_env import settings as config
from constants_env.settings import ITERATIONS, MODEL_NAME, OUTPUT, REPORT_NAME, settings

GOAL = "Write " + "the weekly news"
BACKSTORY = f"You write in a {settings.tone} tone."


@CrewBase
class Newsroom:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def reporter(self) -> Agent:
        return Agent(
            config=self.agents_config["reporter"],
            max_iter=ITERATIONS,
            llm=MODEL_NAME,
            allow_delegation=settings.delegation,
        )

    @agent
    def writer(self) -> Agent:
        return Agent(
            role="Writer",
            goal=GOAL,
            backstory=BACKSTORY,
            max_iter=int(os.getenv("WRITER_ITERATIONS", "9")),
        )

    @task
    def report(self) -> Task:
        return Task(
            config=self.tasks_config["report"],
            output_file=f"{OUTPUT}/{REPORT_NAME}.md",
        )

    @task
    def write(self) -> Task:
        return Task(
            config=self.tasks_config["write"],
            output_file=config.OUTPUT + "/news.md",
        )

    @crew
    def crew(self) -> Crew:
        return Crew(
            agents=self.agents,
            tasks=self.tasks,
            process=Process.sequential,
            max_rpm=int(os.environ.get("MAX_RPM", 20)),
        )
