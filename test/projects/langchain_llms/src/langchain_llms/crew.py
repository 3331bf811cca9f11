from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task
from langchain_community.llms import Ollama
from langchain_openai import ChatOpenAI


@CrewBase
class OldChoir:
    """As it was written for CrewAI before 1.0, which took the models of langchain."""

    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    def __init__(self) -> None:
        self.high = ChatOpenAI(model_name="gpt-4o", temperature=0.7)
        self.low = Ollama(model="llama3.1")

    @agent
    def soprano(self) -> Agent:
        return Agent(config=self.agents_config["soprano"], llm=self.high)

    @agent
    def bass(self) -> Agent:
        return Agent(config=self.agents_config["bass"], llm=self.low)

    @task
    def sing(self) -> Task:
        return Task(config=self.tasks_config["sing"])

    @task
    def hum(self) -> Task:
        return Task(config=self.tasks_config["hum"])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential, verbose=2)
