import { join } from 'node:path'
import { listFolder } from './list-folder.ts'
import type { CrewFolder } from './source.ts'

/** What a crew is read from, relative to its folder. Null: there is no such file. */
export type CrewFiles =
  | { readonly format: 'typescript' | 'jsonc'; readonly crew: string }
  | {
      readonly format: 'yaml'
      readonly crew: string | null
      readonly agents: string | null
      readonly tasks: string | null
    }

/** Recognises the format; null, and a problem, when there is none or more than one. */
export async function findFiles({ dir, report }: CrewFolder): Promise<CrewFiles | null> {
  const present = [
    ...(await listFolder(dir)),
    ...(await listFolder(join(dir, 'config'))).map((file) => `config/${file}`),
  ]
  const find = (...names: readonly string[]) => names.filter((name) => present.includes(name))
  const typescript = find('crew.ts')
  const jsonc = find('crew.jsonc', 'crew.json')
  const agents = find('config/agents.yaml', 'config/agents.yml')
  const tasks = find('config/tasks.yaml', 'config/tasks.yml')
  const crew = find('crew.yaml', 'crew.yml', 'config/crew.yaml', 'config/crew.yml')

  const formats = [typescript, jsonc, [...agents, ...tasks, ...crew]]
  const used = formats.filter((files) => files.length > 0)
  const twice = [jsonc, agents, tasks, crew].find((files) => files.length > 1)
  const clash = used.length > 1 ? used.flat() : twice
  if (clash !== undefined) {
    report.error(
      { file: '', path: [] },
      `is defined more than once, by ${clash.join(' and ')}; keep the files of one format`,
    )
    return null
  }
  if (used.length === 0) {
    report.error(
      { file: '', path: [] },
      'holds no crew; it needs config/agents.yaml and config/tasks.yaml, or crew.jsonc and agents/, or crew.ts',
    )
    return null
  }
  if (typescript[0] !== undefined) return { format: 'typescript', crew: typescript[0] }
  if (jsonc[0] !== undefined) return { format: 'jsonc', crew: jsonc[0] }
  return {
    format: 'yaml',
    crew: crew[0] ?? null,
    agents: agents[0] ?? null,
    tasks: tasks[0] ?? null,
  }
}
