import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type LoadedCrews, loadCrews } from '../../src/load/load-crews.ts'
import type { LoadOptions } from '../../src/load/load-folder.ts'
import { describeProblem, type Problem } from '../../src/load/problem.ts'
import { temporaryDirectory } from './temporary-directory.ts'

type Files = Readonly<Record<string, string | Uint8Array>>

/** A folder of crews outside the checkout, with these files by path, until it is disposed. */
export function temporaryCrews(files: Files): ReturnType<typeof temporaryDirectory> {
  const directory = temporaryDirectory()
  for (const [file, content] of Object.entries(files)) {
    const path = join(directory.path, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  return directory
}

export async function loadFiles(files: Files, options?: LoadOptions): Promise<LoadedCrews> {
  using crews = temporaryCrews(files)
  return await loadCrews(crews.path, options)
}

/** The problems of these files, a line each, without line, column and code. */
export async function problemsOf(files: Files): Promise<readonly string[]> {
  const { problems } = await loadFiles(files)
  return problems.map(withoutPosition)
}

function withoutPosition({ severity, file, key, message, also }: Problem): string {
  const line = [severity, file, ...(key === null ? [] : [key]), message].join(': ')
  return also.length === 0 ? line : `${line} (also ${also.map((one) => one.key).join(', ')})`
}

/** The problems of these files, as people are shown them. */
export async function placedProblemsOf(files: Files): Promise<readonly string[]> {
  const { problems } = await loadFiles(files)
  return problems.map(describeProblem)
}

const AGENTS = `
researcher:
  role: Researcher
  goal: Find facts about {topic}
  backstory: You know where to look.
`

const TASKS = `
research_task:
  description: Research {topic}.
  expected_output: A list.
  agent: researcher
`

/** The files of a correct YAML crew called `crew`; `changes` replace or add some. */
export function yamlCrew(changes: Files = {}): Files {
  return inFolder({ 'config/agents.yaml': AGENTS, 'config/tasks.yaml': TASKS, ...changes })
}

const RESEARCHER = {
  role: 'Researcher',
  goal: 'Find facts about {topic}',
  backstory: 'You know where to look.',
}

const CREW = {
  agents: ['researcher'],
  tasks: [
    {
      name: 'research_task',
      description: 'Research {topic}.',
      expected_output: 'A list.',
      agent: 'researcher',
    },
  ],
}

/** The files of a correct JSON crew called `crew`, with other settings and with fields added to its agent. */
export function jsoncCrew(settings: object = {}, agent: object = {}): Files {
  return inFolder({
    'crew.jsonc': JSON.stringify({ ...CREW, ...settings }),
    'agents/researcher.jsonc': JSON.stringify({ ...RESEARCHER, ...agent }),
  })
}

function inFolder(files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`crew/${file}`, text]))
}
