import { join, parse } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../errors.ts'
import type { Tool } from '../tools/tool.ts'
import { importDefault } from './import-default.ts'
import { listFolder } from './list-folder.ts'
import type { Report } from './problem.ts'
import { type CrewSource, isMap } from './source.ts'

const FOLDER = 'tools'
const EXTENSIONS = ['.ts', '.js']
/** How CrewAI's JSON crews name a tool of their own. */
const CUSTOM_PREFIX = 'custom:'

/** The tools of a crew's `tools/` folder that its agents and tasks name. */
export interface CrewTools {
  /** Names of all files in the folder, without extension. */
  readonly names: readonly string[]
  /** Undefined: there is no such tool. Null: it cannot be loaded, which is already reported. */
  find(reference: string): Tool | null | undefined
}

/** Imports each tool that the crew names, once. Files that nobody names are not run. */
export async function loadTools(
  dir: string,
  { agents, tasks }: CrewSource,
  report: Report,
): Promise<CrewTools> {
  const files = await listToolFiles(join(dir, FOLDER))
  const tools = new Map<string, Tool | null>()
  for (const section of [...(agents.sections ?? []), ...(tasks.sections ?? [])])
    for (const name of (section.fields ?? []).flatMap(toolNames)) {
      const file = files.get(name)
      if (file === undefined || tools.has(name)) continue
      tools.set(name, await importTool(dir, `${FOLDER}/${file}`, report))
    }
  return { names: [...files.keys()], find: (reference) => tools.get(toolName(reference)) }
}

/** Whether a value is what `defineTool` makes. */
export function isTool(value: unknown): value is Tool {
  if (!isMap(value)) return false
  const { name, description, parameters, resultAsAnswer, timeoutMs, execute } = value
  return (
    typeof name === 'string' &&
    typeof description === 'string' &&
    parameters instanceof z.ZodObject &&
    typeof resultAsAnswer === 'boolean' &&
    typeof timeoutMs === 'number' &&
    typeof execute === 'function'
  )
}

function toolNames({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (name !== 'tools' || !Array.isArray(value)) return []
  return value.filter((entry) => typeof entry === 'string').map(toolName)
}

/** `search` for `search` and for `custom:search`. */
export function toolName(reference: string): string {
  return reference.startsWith(CUSTOM_PREFIX) ? reference.slice(CUSTOM_PREFIX.length) : reference
}

async function importTool(dir: string, file: string, report: Report): Promise<Tool | null> {
  const place = { file, path: [] }
  try {
    const tool = await importDefault(join(dir, file))
    if (isTool(tool)) return tool
    report.error(place, 'must export a tool: export default defineTool({ … })')
  } catch (error) {
    report.error(place, `cannot be loaded: ${messageOf(error)}`)
  }
  return null
}

/** File by tool name. A `.ts` file, which sorts later, wins over the `.js` file that was likely made from it. */
async function listToolFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = (await listFolder(folder)).filter((file) => EXTENSIONS.includes(parse(file).ext))
  return new Map(files.map((file) => [parse(file).name, file]))
}
