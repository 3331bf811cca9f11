import os

from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class Harbour:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    mcp_server_params = [
        {"url": os.getenv("SHIPS_URL", "http://localhost:9000/mcp"), "transport": "streamable-http"}
    ]

    @agent
    def pilot(self) -> Agent:
        return Agent(config=self.agents_config["pilot"], tools=self.get_mcp_tools("ships"))

    @agent
    def captain(self) -> Agent:
        return Agent(
            config=self.agents_config["captain"],
            mcps=["https://example.com/mcp", "https://example.com/charts#depth"],
        )

    @task
    def guide(self) -> Task:
        return Task(config=self.tasks_config["guide"])

    @task
    def sail(self) -> Task:
        return Task(config=self.tasks_config["sail"])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
