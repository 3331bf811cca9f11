import os

from crewai import LLM, Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, llm, task

fast = LLM(model="openai/gpt-4o-mini", temperature=0.2)
local = LLM(model="ollama/llama3.1", base_url=os.getenv("OLLAMA_URL", "http://localhost:11434"))


@CrewBase
class Debate:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    best = LLM("openai/gpt-4o", temperature=0.7)

    @llm
    def careful(self):
        return LLM(model="openai/gpt-4.1", max_tokens=400)

    @agent
    def opener(self) -> Agent:
        return Agent(config=self.agents_config["opener"], llm=fast)

    @agent
    def opponent(self) -> Agent:
        return Agent(config=self.agents_config["opponent"], llm=local)

    @agent
    def judge(self) -> Agent:
        return Agent(config=self.agents_config["judge"], llm=self.best)

    @agent
    def clerk(self) -> Agent:
        return Agent(config=self.agents_config["clerk"])

    @agent
    def usher(self) -> Agent:
        return Agent(config=self.agents_config["usher"])

    @task
    def open(self) -> Task:
        return Task(config=self.tasks_config["open"])

    @task
    def oppose(self) -> Task:
        return Task(config=self.tasks_config["oppose"])

    @task
    def decide(self) -> Task:
        return Task(config=self.tasks_config["decide"])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)
