from typing import List, Optional

from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task
from crewai_tools import FileReadTool, ScrapeWebsiteTool, SerperDevTool
from pydantic import BaseModel, Field

search_tool = SerperDevTool()
file_read_tool = FileReadTool(
    file_path="recipe_example.md",
    description="Reads the example of a recipe.",
)
web = [search_tool, ScrapeWebsiteTool()]


class Ingredient(BaseModel):
    """One ingredient."""

    name: str = Field(..., description="Its name")
    grams: Optional[float] = Field(None, ge=0, description="Its weight")


class Recipe(BaseModel):
    """A recipe."""

    title: str
    ingredients: List[Ingredient] = Field(default_factory=list)
    steps: List[str] = Field(..., min_length=1)


@CrewBase
class Kitchen:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def cook(self) -> Agent:
        return Agent(
            config=self.agents_config["cook"],
            tools=web,
            verbose=True,
        )

    @agent
    def editor(self) -> Agent:
        return Agent(
            config=self.agents_config["editor"],
            tools=[search_tool, file_read_tool],
            verbose=True,
        )

    @task
    def cook_task(self) -> Task:
        return Task(
            config=self.tasks_config["cook_task"],
            agent=self.cook(),
            output_json=Recipe,
        )

    @task
    def edit_task(self) -> Task:
        return Task(
            config=self.tasks_config["edit_task"],
            agent=self.editor(),
            context=[self.cook_task()],
            human_input=True,
        )

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential, verbose=True)
