import { posix } from 'node:path'
import type { Path, Place, Report } from '../../../problem.ts'
import { isMap } from '../../../source.ts'
import { readYaml } from '../../read-yaml.ts'
import { classAttribute } from '../interpret/calls/classes.ts'
import { fromJson } from '../interpret/calls/files.ts'
import { dict, isText } from '../interpret/values/make.ts'
import type { Dict, OwnClass, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import type { At } from '../nodes.ts'
import type { ProjectFiles } from '../project/project-files.ts'

/** What a class with `@CrewBase` reads, by the name of the attribute; without it the usual file. */
const CONFIGS = [
  ['agents_config', 'config/agents.yaml'],
  ['tasks_config', 'config/tasks.yaml'],
] as const

export type Configs = ReadonlyMap<string, Dict>

interface Reading {
  readonly dir: string
  readonly report: Report
  readonly files: ProjectFiles
  readonly world: World
}

/**
 * The YAML beside a class; null, and problems, when a file of it cannot be read. Whatever is no path to a map is an empty
 * map to CrewAI.
 */
export async function readConfigs(cls: OwnClass, reading: Reading): Promise<Configs | null> {
  const configs = new Map<string, Dict | null>()
  for (const [attribute, usual] of CONFIGS) {
    const given = classAttribute(cls, attribute, reading.world)
    const path = given === undefined ? usual : textOf(given)
    const config = path === null ? dict([], cls.at) : await readConfig(path, cls, reading)
    configs.set(attribute, config)
  }
  return isComplete(configs) ? configs : null
}

function isComplete(configs: ReadonlyMap<string, Dict | null>): configs is Configs {
  return [...configs.values()].every((config) => config !== null)
}

function textOf(value: Value): string | null {
  return isText(value) ? value.value : null
}

/** @param path from the folder of the class's file */
async function readConfig(
  path: string,
  cls: OwnClass,
  { files, ...folder }: Reading,
): Promise<Dict | null> {
  const beside = posix.join(posix.dirname(cls.frame.module.syntax.file), path)
  const file = posix.normalize(beside)
  const at = { file, line: 1, column: 1 }
  const empty = { ...dict([], at), file }
  if (files.read(file) === null && files.unread(file) === null) return empty
  const top = await readYaml(folder, file)
  if (top === null) return null
  if (!isMap(top.value)) return empty
  const entries = Object.entries(top.value).map(([key, value]) => {
    const told = fromJson(value, (inside) => lazyAt(top.place, inside), [key])
    return [key, told.kind === 'dict' ? { ...told, file, key } : told] as const
  })
  return { ...dict(entries, at), file }
}

function lazyAt({ file, locate }: Place, path: Path): At {
  const position = () => locate?.(path) ?? { line: 1, column: 1 }
  return {
    file,
    get line() {
      return position().line
    },
    get column() {
      return position().column
    },
  }
}
