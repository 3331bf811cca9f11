import { cpSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Crew } from '../../../src/crew/crew.ts'
import { type ImportFormat, importProject } from '../../../src/load/import/import-project.ts'
import { loadFolder } from '../../../src/load/load-folder.ts'
import { pythonThat } from '../../harness/python-that.ts'
import { loadFiles } from '../../harness/temporary-crews.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'

const PROJECTS = readdirSync('test/projects').sort()
const CASES = PROJECTS.flatMap((project) =>
  (['yaml', 'typescript'] as const).map((format) => [project, format] as const),
)

/** The crews of a project as they are served, where every tool is at hand. */
async function served(project: string): Promise<ReadonlyMap<string, Crew>> {
  const python = pythonThat(async (references) => references.map(({ key }) => ({ key, value: [] })))
  const { crews } = await loadFolder(project, { python: () => python })
  await Promise.all(crews.map(({ code }) => code.stop()))
  return new Map(crews.flatMap(({ name, crew }) => (crew === null ? [] : [[name, crew]])))
}

async function imported(project: string, format: ImportFormat) {
  const { crews, problems } = await importProject({
    dir: project,
    format,
    checkModel: () => null,
  })
  const folder = basename(project)
  const files = crews.flatMap((one) => {
    const name = crews.length === 1 ? folder : `${folder}-${one.name}`
    return Object.entries(one.files).map(([path, text]) => [`${name}/${path}`, text] as const)
  })
  const loaded = await loadFiles(Object.fromEntries(files))
  await Promise.all([...loaded.codes.values()].map((code) => code.stop()))
  return { ...loaded, refused: problems.filter(({ severity }) => severity === 'error') }
}

/** All that a run makes use of, but for tools. */
function withoutTools({ agents, tasks, managerAgent, ...crew }: Crew) {
  return {
    ...crew,
    agents: agents.map((agent) => ({ ...agent, tools: [] })),
    tasks: tasks.map((task) => ({ ...task, tools: [] })),
    managerAgent: managerAgent && { ...managerAgent, tools: [] },
  }
}

test.each(CASES)('%s as %s is the crew that the project is', async (project, format) => {
  const expected = await served(join('test/projects', project))
  const { crews, problems, refused } = await imported(join('test/projects', project), format)

  expect(refused).toEqual([])
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  expect([...crews.keys()]).toEqual([...expected.keys()])
  for (const [name, crew] of crews)
    expect(withoutTools(crew)).toEqual(withoutTools(expected.get(name) ?? crew))
})

test('a project stays as it is', async () => {
  using copy = temporaryDirectory()
  const project = join(copy.path, 'own_tools')
  cpSync('test/projects/own_tools', project, { recursive: true })
  const before = readdirSync(project, { recursive: true })
  await imported(project, 'yaml')

  expect(readdirSync(project, { recursive: true })).toEqual(before)
  rmSync(project, { recursive: true })
})
