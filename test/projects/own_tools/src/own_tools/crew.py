from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task, tool
from crewai_tools import DirectoryReadTool

from own_tools.tools.ruler import RulerTool, ShoutTool
from own_tools.tools.text import count_letters, reverse


@CrewBase
class Typography:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @tool
    def shouting(self):
        return ShoutTool()

    @tool
    def folders(self):
        return DirectoryReadTool(directory="texts")

    @agent
    def typist(self) -> Agent:
        return Agent(
            config=self.agents_config["typist"],
            tools=[RulerTool(), RulerTool(limit=5), reverse, count_letters],
        )

    @agent
    def printer(self) -> Agent:
        return Agent(config=self.agents_config["printer"])

    @task
    def type(self) -> Task:
        return Task(config=self.tasks_config["type"])

    @task
    def print(self) -> Task:
        return Task(config=self.tasks_config["print"], tools=[ShoutTool(result_as_answer=True)])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
