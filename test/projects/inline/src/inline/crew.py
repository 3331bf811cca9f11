from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class Bakery:
    """Everything in one file, without YAML."""

    @agent
    def baker(self) -> Agent:
        return Agent(
            role="Baker",
            goal="Bake {bread}",
            backstory=(
                "You get up at three. "
                "You never burn anything."
            ),
            verbose=True,
        )

    @task
    def bake(self) -> Task:
        return Task(
            description="""
                Bake {bread}.
                Let it rest.
            """,
            expected_output="A loaf",
            agent=self.baker(),
        )

    @task
    def sell(self) -> Task:
        seller = Agent(
            role="Seller",
            goal="Sell {bread}",
            backstory="You know everybody.",
            max_iter=3,
        )
        return Task(
            description="Sell it.",
            expected_output="",
            agent=seller,
        )

    @crew
    def crew(self) -> Crew:
        return Crew(
            agents=self.agents,
            tasks=self.tasks,
            process=Process.sequential,
        )
