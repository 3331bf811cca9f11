import { join, parse } from 'node:path'
import type { Tool } from '../../tools/tool.ts'
import type { LoadedCode } from '../../workers/crew-code.ts'
import type { CrewReading } from '../formats/format.ts'
import { listFolder } from '../formats/list-folder.ts'
import type { Report } from '../problem.ts'
import { type CrewSource, isMap } from '../source.ts'
import type { ToolSource } from './tool-source.ts'

const FOLDER = 'tools'
const EXTENSIONS = ['.ts', '.js']
/** How CrewAI's JSON crews name a tool of their own. */
const CUSTOM_PREFIX = 'custom:'

/**
 * The TypeScript of a crew's `tools/` folder, of which the files that its agents and tasks name are loaded. Files that
 * nobody names are not run.
 */
export async function nodeTools(
  { dir, code, report }: CrewReading,
  { agents, tasks }: CrewSource,
): Promise<ToolSource> {
  const files = await listToolFiles(join(dir, FOLDER))
  const sections = [...(agents.sections ?? []), ...(tasks.sections ?? [])]
  const named = new Set(sections.flatMap(({ fields }) => (fields ?? []).flatMap(toolNames)))
  const wanted = [...named].filter((name) => files.has(name))
  const loaded = await code.load(wanted.map((name) => ({ key: `${FOLDER}/${files.get(name)}` })))
  const tools = new Map(loaded.map((one, index) => [wanted[index], toolsOf(one, report)]))
  return {
    names: [...files.keys()],
    find: (reference) =>
      typeof reference === 'string' ? tools.get(toolName(reference)) : undefined,
  }
}

/** Whether a value is a tool that can be called. */
export function isTool(value: unknown): value is Tool {
  return isMap(value) && typeof value['call'] === 'function' && typeof value['key'] === 'string'
}

function toolNames({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (name !== 'tools' || !Array.isArray(value)) return []
  return value.filter((entry) => typeof entry === 'string').map(toolName)
}

/** `search` for `search` and for `custom:search`. */
export function toolName(reference: string): string {
  return reference.startsWith(CUSTOM_PREFIX) ? reference.slice(CUSTOM_PREFIX.length) : reference
}

function toolsOf(loaded: LoadedCode, report: Report): readonly Tool[] | null {
  const place = { file: loaded.key, path: [] }
  if ('error' in loaded) report.add('code-broken', place, `cannot be loaded: ${loaded.error}`)
  else if (isTool(loaded.value)) return [loaded.value]
  else report.add('code-broken', place, 'must export a tool: export default defineTool({ … })')
  return null
}

/** File by tool name. A `.ts` file, which sorts later, wins over the `.js` file that was likely made from it. */
async function listToolFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = (await listFolder(folder)).filter((file) => EXTENSIONS.includes(parse(file).ext))
  return new Map(files.map((file) => [parse(file).name, file]))
}
