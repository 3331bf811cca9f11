import { expect, test } from 'vitest'
import { crewOf, fieldsOf, mistakesOf, names, settingsOf } from './read-crew.ts'

const PLAIN = `
import yaml
from pathlib import Path
from crewai import Agent, Crew, Process, Task

with open(Path.cwd() / "config" / "people.yaml", "r") as file:
    people = yaml.safe_load(file)

PROMPT = (Path(__file__).parent / "prompt.md").read_text()

researcher = Agent(config=people["researcher"], verbose=True)
writer = Agent(role="Writer", goal=PROMPT.strip(), backstory="b")

def make_task(text):
    return Task(description=text, expected_output="A page.", agent=writer)

find = Task(description="Find {topic}", expected_output="A list.", agent=researcher)
tasks = [find, make_task("Write.")]
tasks[1].context = [find]
`

const FILES = {
  'config/people.yaml': 'researcher: {role: R, goal: g, backstory: b}\n',
  'prompt.md': 'Write well.\n',
}

test('a crew without a class, in a variable', async () => {
  const main = `${PLAIN}\ncrew = Crew(agents=[researcher, writer], tasks=tasks, process=Process.sequential)\ncrew.kickoff()\n`
  const crew = await crewOf({ ...FILES, 'main.py': main })

  expect(crew.name).toBe('crew')
  expect(names(crew.agents)).toEqual(['researcher', 'writer'])
  expect(names(crew.tasks)).toEqual(['find', 'task'])
  expect(fieldsOf(crew.agents, 'writer')['goal']).toBe('Write well.')
  expect(fieldsOf(crew.tasks, 'task')).toEqual({
    description: 'Write.',
    expected_output: 'A page.',
    agent: 'writer',
    context: ['find'],
  })
  expect(settingsOf(crew)).toEqual({ process: 'sequential' })
})

test('a crew without a class, from a function', async () => {
  const main = `${PLAIN}
def build_crew(verbose: bool = True) -> Crew:
    crew = Crew(agents=[researcher], tasks=[find], verbose=verbose)
    return crew
`
  const crew = await crewOf({ ...FILES, 'main.py': main })

  expect(names(crew.tasks)).toEqual(['find'])
  expect(settingsOf(crew)).toEqual({ verbose: true })
})

test('agents that only a run can make are no crew that can be told', async () => {
  const main = `
from crewai import Agent, Crew, Task
def build_crew():
    agents = [Agent(role=line, goal="g", backstory="b") for line in input().split()]
    return Crew(agents=agents, tasks=[])
`
  expect(await mistakesOf({ 'main.py': main })).toEqual([
    'main.py:4:14: agents: cannot be told without running it: only Python can tell what this is',
  ])
})

test('a config that only Python can tell is one mistake', async () => {
  const main = `
from crewai import Agent, Crew, Task
from somewhere import configs
a = Agent(config=configs["a"])
crew = Crew(agents=[a], tasks=[Task(description="d", expected_output="e", agent=a)])
`
  expect(await mistakesOf({ 'main.py': main })).toEqual([
    'main.py:4:18: agents.a.config: cannot be told without running it; take it from the YAML of the class, or write its fields here',
  ])
})
