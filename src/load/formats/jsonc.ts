import { join } from 'node:path'
import type { Place } from '../problem.ts'
import {
  type CrewSource,
  type Group,
  inside,
  isMap,
  type Section,
  snakeCase,
  toFields,
  toSection,
  wrongValue,
} from '../source.ts'
import type { CrewFolder, CrewReading, Format } from './format.ts'
import { listFolder } from './list-folder.ts'
import { readJsonc } from './read-jsonc.ts'

/** CrewAI's JSON crews: `crew.jsonc` with the tasks and the names of the agents, and `agents/<name>.jsonc`. */
export const jsonc: Format = {
  name: "CrewAI's JSON",
  spell: snakeCase,
  strict: true,
  async find({ dir, report }) {
    const present = await listFolder(dir)
    const files = ['crew.jsonc', 'crew.json'].filter((name) => present.includes(name))
    const [file] = files
    if (file === undefined) return []
    if (files.length === 1) return [{ name: 'crew', files, read: (reading) => read(reading, file) }]
    report.add(
      'defined-twice',
      { file: '', path: [] },
      `is defined more than once, by ${files.join(' and ')}; keep one of them`,
    )
    return []
  },
}

async function read(reading: CrewReading, file: string): Promise<CrewSource | null> {
  const { report } = reading
  const crew = await readJsonc(reading, file)
  if (crew === null) return null
  const { value, place } = crew
  if (!isMap(value)) {
    report.add('value-wrong', place, wrongValue(value, 'a map of fields'))
    return null
  }
  const { agents, tasks, ...settings } = value
  const { manager_agent: manager } = value
  return {
    notation: jsonc,
    settings: toSection('crew', settings, place, report),
    agents: await readAgents(reading, place, agents, manager),
    tasks: toTasks(reading, inside(place, 'tasks'), tasks),
  }
}

async function readAgents(
  folder: CrewFolder,
  crew: Place,
  names: unknown,
  manager: unknown,
): Promise<Group> {
  const place = inside(crew, 'agents')
  if (!Array.isArray(names)) {
    addWrong(folder, place, names, 'a list of agent names')
    return { place, sections: null }
  }
  const sections = new Map<string, Section>()
  for (const [position, name] of names.entries()) {
    const own = inside(place, position)
    if (typeof name !== 'string') addWrong(folder, own, name, 'the name of an agent')
    else if (sections.has(name))
      folder.report.add('named-again', own, 'is listed already; once is enough')
    else sections.set(name, await findAgent(folder, name, own))
  }
  // Its wrong types are a matter of the settings.
  if (typeof manager === 'string') {
    const own = inside(crew, 'manager_agent')
    if (sections.has(manager))
      folder.report.add('name-taken', own, 'is listed in agents; a manager is not')
    else sections.set(manager, await findAgent(folder, manager, own))
  }
  return { place, sections: [...sections.values()] }
}

async function findAgent(folder: CrewFolder, name: string, place: Place): Promise<Section> {
  const files = await listFolder(join(folder.dir, 'agents'))
  const file = [`${name}.jsonc`, `${name}.json`].find((candidate) => files.includes(candidate))
  if (file !== undefined) return readAgent(folder, name, `agents/${file}`)
  folder.report.add('file-missing', place, `there is no file agents/${name}.jsonc`)
  return { name, place, fields: null }
}

/** CrewAI takes fields under `settings` as well, where they win. */
async function readAgent(folder: CrewFolder, name: string, file: string): Promise<Section> {
  const agent = await readJsonc(folder, file)
  if (agent === null) return { name, place: { file, path: [] }, fields: null }
  const { value, place } = agent
  if (!isMap(value) || !('settings' in value)) return toSection(name, value, place, folder.report)
  const { settings, ...fields } = value
  const nested = toSection(name, settings ?? {}, inside(place, 'settings'), folder.report)
  return { name, place, fields: [...toFields(fields, place), ...(nested.fields ?? [])] }
}

function toTasks(folder: CrewFolder, place: Place, tasks: unknown): Group {
  if (!Array.isArray(tasks)) {
    addWrong(folder, place, tasks, 'a list of tasks')
    return { place, sections: null }
  }
  const sections = tasks.map((task: unknown, position) => {
    const { name } = isMap(task) ? task : { name: undefined }
    const key = typeof name === 'string' ? name : `task_${position + 1}`
    return toSection(key, task, inside(place, position), folder.report)
  })
  return { place, sections }
}

function addWrong({ report }: CrewFolder, place: Place, value: unknown, expected: string): void {
  report.add(
    value === undefined ? 'field-missing' : 'value-wrong',
    place,
    wrongValue(value, expected),
  )
}
