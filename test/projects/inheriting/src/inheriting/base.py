from crewai import Agent
from crewai.project import agent


class WithHelper:
    """Agents of a base class are no members of the crew, but its methods may call them."""

    iterations = 6

    @agent
    def helper(self) -> Agent:
        return Agent(config=self.agents_config["helper"], max_iter=self.iterations)
