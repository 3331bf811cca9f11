from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, after_kickoff, agent, before_kickoff, crew, task
from crewai.tasks.conditional_task import ConditionalTask

from hooks.checks import has_words, note, wants_more


@CrewBase
class Letters:
    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @before_kickoff
    def prepare(self, inputs):
        inputs["salutation"] = f"Dear {inputs['name']}"
        return inputs

    @after_kickoff
    def finish(self, result):
        return result

    def polite(self, result):
        return (True, result.raw)

    @agent
    def secretary(self) -> Agent:
        return Agent(config=self.agents_config["secretary"], step_callback=note)

    @task
    def draft(self) -> Task:
        return Task(config=self.tasks_config["draft"], guardrail=has_words, callback=note)

    @task
    def refine(self) -> Task:
        return Task(
            config=self.tasks_config["refine"],
            guardrails=[has_words, self.polite, "It has a greeting"],
            guardrail_max_retries=5,
        )

    @task
    def extend(self) -> Task:
        return ConditionalTask(config=self.tasks_config["extend"], condition=wants_more)

    @crew
    def crew(self) -> Crew:
        return Crew(
            agents=self.agents,
            tasks=self.tasks,
            process=Process.sequential,
            step_callback=note,
            task_callback=lambda output: print(output),
        )
