from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task
from crewai_tools import ScrapeWebsiteTool

from helpers.factory import make_llm, make_tools


@CrewBase
class Detectives:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    def _tools(self):
        return make_tools(with_files=True)

    def _config(self, name):
        return self.agents_config[name]

    @staticmethod
    def _extra():
        return [ScrapeWebsiteTool()]

    @agent
    def detective(self) -> Agent:
        return Agent(
            config=self._config("detective"),
            tools=self._tools() + self._extra(),
            llm=make_llm("fast", temperature=0.3),
        )

    @agent
    def assistant(self) -> Agent:
        llm = make_llm()
        return Agent(config=self._config("assistant"), tools=make_tools(), llm=llm)

    @task
    def investigate(self) -> Task:
        return Task(config=self.tasks_config["investigate"])

    @task
    def note(self) -> Task:
        return Task(config=self.tasks_config["note"])

    @crew
    def crew(self) -> Crew:
        crew = Crew(
            agents=self.agents,
            tasks=self.tasks,
            process=Process.sequential,
        )
        return crew
