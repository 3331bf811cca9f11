import { join } from 'node:path'
import { type CrewSource, type Group, snakeCase, toSection } from '../source.ts'
import type { CrewFolder, CrewReading, Format } from './format.ts'
import { listFolder } from './list-folder.ts'
import { readYaml } from './read-yaml.ts'
import { findUnreadPython } from './unread-python.ts'
import { toYamlGroup } from './yaml-group.ts'

/** What a crew is read from, by what it is. Null: there is no such file. */
interface YamlFiles {
  readonly crew: string | null
  readonly agents: string | null
  readonly tasks: string | null
}

/**
 * CrewAI's classic files, `config/agents.yaml` and `config/tasks.yaml`, and our `crew.yaml` for what classic crews
 * keep in `crew.py`: description, process, manager, defaults of inputs.
 */
export const yaml: Format = {
  name: "CrewAI's YAML",
  spell: snakeCase,
  strict: false,
  async find({ dir, report }) {
    const present = [
      ...(await listFolder(dir)),
      ...(await listFolder(join(dir, 'config'))).map((file) => `config/${file}`),
    ]
    const find = (...names: readonly string[]) => names.filter((name) => present.includes(name))
    const agents = find('config/agents.yaml', 'config/agents.yml')
    const tasks = find('config/tasks.yaml', 'config/tasks.yml')
    const crew = find('crew.yaml', 'crew.yml', 'config/crew.yaml', 'config/crew.yml')
    const files = [...agents, ...tasks, ...crew]
    const twice = [agents, tasks, crew].find((same) => same.length > 1)
    if (twice !== undefined) {
      report.add(
        'defined-twice',
        { file: '', path: [] },
        `is defined more than once, by ${twice.join(' and ')}; keep one of them`,
      )
      return []
    }
    if (files.length === 0) return []
    const used = {
      crew: crew[0] ?? null,
      agents: agents[0] ?? null,
      tasks: tasks[0] ?? null,
    }
    return [{ name: 'crew', files, read: (reading) => read(reading, used) }]
  },
}

async function read(reading: CrewReading, files: YamlFiles): Promise<CrewSource> {
  // A crew that could be read from it would have these files, too.
  const python = await findUnreadPython(reading.dir)
  if (python?.makes === 'a crew')
    reading.report.add(
      'file-ignored',
      { file: python.file, path: [] },
      'is not read, for only running it would tell the crew that it makes; what it says of tasks, tools, models and process has no effect, and belongs into the YAML, crew.yaml and tools/<name>.ts',
    )
  return {
    notation: yaml,
    settings: await readSettings(reading, files.crew),
    agents: await readGroup(reading, files.agents, 'agents'),
    tasks: await readGroup(reading, files.tasks, 'tasks'),
  }
}

async function readSettings(reading: CrewReading, file: string | null) {
  const name = 'crew'
  if (file === null) return { name, place: { file: 'crew.yaml', path: [] }, fields: [] }
  const top = await readYaml(reading, file)
  if (top === null) return { name, place: { file, path: [] }, fields: null }
  // No file and an empty one are both a map without fields.
  return toSection(name, top.value ?? {}, top.place, reading.report)
}

async function readGroup(folder: CrewFolder, file: string | null, noun: string): Promise<Group> {
  const place = { file: file ?? `config/${noun}.yaml`, path: [] }
  if (file === null) {
    folder.report.add('file-missing', place, `is missing; it has the ${noun} of the crew`)
    return { place, sections: null }
  }
  const top = await readYaml(folder, file)
  if (top === null) return { place, sections: null }
  return toYamlGroup(top.value, top.place, noun, folder.report)
}
