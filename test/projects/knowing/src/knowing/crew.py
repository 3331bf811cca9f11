from crewai import Agent, Crew, Process, Task
from crewai.knowledge.source.string_knowledge_source import StringKnowledgeSource
from crewai.knowledge.source.text_file_knowledge_source import TextFileKnowledgeSource
from crewai.project import CrewBase, agent, crew, task


@CrewBase
class Household:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    rules = TextFileKnowledgeSource(file_paths=["house_rules.txt"])

    @agent
    def butler(self) -> Agent:
        return Agent(
            config=self.agents_config["butler"],
            knowledge_sources=[StringKnowledgeSource(content="Tea is at five.")],
            reasoning=True,
            max_reasoning_attempts=2,
        )

    @task
    def serve(self) -> Task:
        return Task(config=self.tasks_config["serve"])

    @crew
    def crew(self) -> Crew:
        return Crew(
            agents=self.agents,
            tasks=self.tasks,
            process=Process.sequential,
            knowledge_sources=[self.rules],
            memory=True,
            planning=True,
            planning_llm="openai/gpt-4o",
        )
