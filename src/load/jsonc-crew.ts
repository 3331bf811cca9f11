import { join } from 'node:path'
import { listFolder } from './list-folder.ts'
import type { Place } from './problem.ts'
import { readJsonc } from './read-jsonc.ts'
import {
  type CrewFolder,
  type CrewSource,
  type Group,
  inside,
  isMap,
  type Section,
  toFields,
  toSection,
  wrongValue,
} from './source.ts'

/** CrewAI's JSON crews: `crew.jsonc` with the tasks and the names of the agents, and `agents/<name>.jsonc`. */
export async function readJsoncCrew(folder: CrewFolder, file: string): Promise<CrewSource | null> {
  const place = { file, path: [] }
  const crew = await readJsonc(folder, file)
  if (crew === undefined) return null
  if (!isMap(crew)) {
    folder.report.error(place, wrongValue(crew, 'a map of fields'))
    return null
  }
  const { agents, tasks, ...settings } = crew
  const { manager_agent: manager } = crew
  return {
    format: 'jsonc',
    settings: toSection('crew', settings, place, folder.report),
    agents: await readAgents(folder, place, agents, manager),
    tasks: toTasks(folder, inside(place, 'tasks'), tasks),
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
    folder.report.error(place, wrongValue(names, 'a list of agent names'))
    return { place, sections: null }
  }
  const sections = new Map<string, Section>()
  const add = async (name: unknown, own: Place, repeated: string) => {
    if (typeof name !== 'string') folder.report.error(own, wrongValue(name, 'the name of an agent'))
    else if (sections.has(name)) folder.report.error(own, repeated)
    else sections.set(name, await findAgent(folder, name, own))
  }
  for (const [position, name] of names.entries())
    await add(name, inside(place, position), 'lists the same agent again')
  // Its wrong types are a matter of the settings.
  if (typeof manager === 'string')
    await add(manager, inside(crew, 'manager_agent'), 'is listed in agents; a manager is not')
  return { place, sections: [...sections.values()] }
}

async function findAgent(folder: CrewFolder, name: string, place: Place): Promise<Section> {
  const files = await listFolder(join(folder.dir, 'agents'))
  const file = [`${name}.jsonc`, `${name}.json`].find((candidate) => files.includes(candidate))
  if (file !== undefined) return readAgent(folder, name, `agents/${file}`)
  folder.report.error(place, `there is no file agents/${name}.jsonc`)
  return { name, place, fields: null }
}

/** CrewAI takes fields under `settings` as well, where they win. */
async function readAgent(folder: CrewFolder, name: string, file: string): Promise<Section> {
  const place = { file, path: [] }
  const agent = await readJsonc(folder, file)
  if (!isMap(agent) || !('settings' in agent)) return toSection(name, agent, place, folder.report)
  const { settings, ...fields } = agent
  const nested = toSection(name, settings ?? {}, inside(place, 'settings'), folder.report)
  return { name, place, fields: [...toFields(fields, place), ...(nested.fields ?? [])] }
}

function toTasks({ report }: CrewFolder, place: Place, tasks: unknown): Group {
  if (!Array.isArray(tasks)) {
    report.error(place, wrongValue(tasks, 'a list of tasks'))
    return { place, sections: null }
  }
  const sections = tasks.map((task: unknown, position) => {
    const { name } = isMap(task) ? task : { name: undefined }
    const key = typeof name === 'string' ? name : `task_${position + 1}`
    return toSection(key, task, inside(place, position), report)
  })
  return { place, sections }
}
