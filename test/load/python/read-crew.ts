import { realpathSync } from 'node:fs'
import { findCrewMakers } from '../../../src/load/formats/python/project/find-crew-makers.ts'
import { openProject } from '../../../src/load/formats/python/project/project-files.ts'
import { type ReadCrew, readCrew } from '../../../src/load/formats/python/read-crew.ts'
import type { PythonCrew, ToldSection } from '../../../src/load/formats/python/tell/told.ts'
import { createReport } from '../../../src/load/problem.ts'
import { temporaryCrews } from '../../harness/temporary-crews.ts'

export interface Files {
  readonly [file: string]: string
}

export interface Given {
  readonly environment?: Readonly<Record<string, string>>
  readonly arguments?: Readonly<Record<string, unknown>>
}

/** The head of most files of crews. */
export const HEAD = `
import os
from crewai import Agent, Crew, LLM, Process, Task
from crewai.project import CrewBase, agent, crew, task, before_kickoff, after_kickoff
`

export const AGENTS = `
researcher:
  role: Researcher
  goal: Find facts about {topic}
  backstory: You know where to look.
writer:
  role: Writer
  goal: Write about {topic}
  backstory: You know how to write.
`

export const TASKS = `
research:
  description: Research {topic}.
  expected_output: A list.
  agent: researcher
write:
  description: Write it up.
  expected_output: A page.
  agent: writer
`

/** The body of a class with two agents and two tasks; what is given stands before it, at the same indentation. */
export function crewClass(
  body: string,
  crewArguments = 'agents=self.agents, tasks=self.tasks',
): string {
  return `${HEAD}
@CrewBase
class Demo:
${indent(body)}

    @crew
    def crew(self) -> Crew:
        return Crew(${crewArguments})
`
}

const indent = (text: string) => text.replaceAll(/^(?=.)/gm, '    ')

export const METHODS = `
@agent
def researcher(self) -> Agent:
    return Agent(config=self.agents_config['researcher'])

@agent
def writer(self) -> Agent:
    return Agent(config=self.agents_config['writer'])

@task
def research(self) -> Task:
    return Task(config=self.tasks_config['research'])

@task
def write(self) -> Task:
    return Task(config=self.tasks_config['write'])
`

/** Reads the first class of a project, in `src/demo/crew.py` when only that is given. */
export async function readProject(files: Files | string, given: Given = {}): Promise<ReadCrew> {
  const all = typeof files === 'string' ? { 'src/demo/crew.py': files } : files
  using directory = temporaryCrews({
    'pyproject.toml': '',
    'src/demo/config/agents.yaml': AGENTS,
    'src/demo/config/tasks.yaml': TASKS,
    ...all,
  })
  const dir = realpathSync(directory.path)
  const project = openProject(dir)
  const [found] = findCrewMakers(dir, project)
  if (found === undefined) throw new Error('nothing that makes a crew was found')
  const report = createReport('demo', 'demo')
  return await readCrew(found, {
    dir,
    report,
    files: project,
    environment: given.environment ?? {},
    namesVariables: false,
    givenArguments: given.arguments ?? {},
  })
}

/** What is read, when nothing is wrong with it. */
export async function crewOf(files: Files | string, given: Given = {}): Promise<PythonCrew> {
  const { crew, mistakes } = await readProject(files, given)
  if (crew === null || mistakes.length > 0)
    throw new Error(mistakes.map(({ message }) => message).join('; '))
  return crew
}

/** What is wrong, a line each. */
export async function mistakesOf(
  files: Files | string,
  given: Given = {},
): Promise<readonly string[]> {
  const { mistakes } = await readProject(files, given)
  return mistakes.map(
    ({ at, path, message }) => `${at.file}:${at.line}:${at.column}: ${path.join('.')}: ${message}`,
  )
}

/** The fields of an agent or a task, of two of the same name the later one. */
export function fieldsOf(
  sections: readonly ToldSection[],
  name: string,
): Readonly<Record<string, unknown>> {
  const section = sections.find((one) => one.name === name)
  return Object.fromEntries((section?.fields ?? []).map((field) => [field.name, field.value]))
}

export function settingsOf(crew: PythonCrew): Readonly<Record<string, unknown>> {
  return Object.fromEntries(crew.settings.map((field) => [field.name, field.value]))
}

export function names(sections: readonly ToldSection[]): readonly string[] {
  return sections.map((section) => section.name)
}
