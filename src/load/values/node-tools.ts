import { join, parse } from 'node:path'
import type { Tool } from '../../tools/tool.ts'
import type { LoadedCode } from '../../workers/crew-code.ts'
import type { PythonReference } from '../../workers/python/reference.ts'
import type { CrewReading } from '../formats/format.ts'
import { listFolder } from '../formats/list-folder.ts'
import type { Report } from '../problem.ts'
import { crewaiTool } from './crewai-tools.ts'
import { keyOf, type PlacedReference } from './tool-references.ts'
import {
  CUSTOM_PREFIX,
  isTool,
  TOOLS_FOLDER,
  type ToolReference,
  type ToolSource,
  toolName,
} from './tool-source.ts'

const EXTENSIONS = ['.ts', '.js']

/**
 * The TypeScript of a crew's `tools/` folder, of which the files that its agents and tasks name are loaded. Files that
 * nobody names are not run. What is written in Python may be replaced here: `tools/search.ts` goes before
 * `tools/search.py`, and `tools/calculator.ts` stands for an `import calculator`.
 */
export async function nodeTools(
  { dir, code, report }: CrewReading,
  references: readonly PlacedReference[],
): Promise<ToolSource> {
  const files = await listToolFiles(join(dir, TOOLS_FOLDER))
  const wanted = new Map<string, string>()
  for (const { reference } of references) {
    const name = toolFileName(reference, files)
    const file = name === undefined ? undefined : files.get(name)
    if (file !== undefined) wanted.set(keyOf(reference), `${TOOLS_FOLDER}/${file}`)
  }
  const keys = [...new Set(wanted.values())]
  const loaded = await code.load(keys.map((key) => ({ key })))
  const tools = new Map(loaded.map((one, index) => [keys[index], toolsOf(one, report)]))
  return {
    names: [...files.keys()],
    find: (reference) => tools.get(wanted.get(keyOf(reference))),
  }
}

function toolsOf(loaded: LoadedCode, report: Report): readonly Tool[] | null {
  const place = { file: loaded.key, path: [] }
  if ('error' in loaded) report.add('code-broken', place, `cannot be loaded: ${loaded.error}`)
  else if (isTool(loaded.value)) return [loaded.value]
  else report.add('code-broken', place, 'must export a tool: export default defineTool({ … })')
  return null
}

/** File by tool name. A `.ts` file, which sorts later, wins over the `.js` file that was likely made from it. */
export async function listToolFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = (await listFolder(folder)).filter((file) => EXTENSIONS.includes(parse(file).ext))
  return new Map(files.map((file) => [parse(file).name, file]))
}

/**
 * The name of the file that is meant: a name is one, but for the classes of Python's that it may lead to. For those, and
 * for what only Python can tell, the file is called like the class or function, in whatever case.
 */
export function toolFileName(
  reference: ToolReference,
  files: ReadonlyMap<string, string>,
): string | undefined {
  if (typeof reference === 'string' && files.has(toolName(reference))) return toolName(reference)
  const called = typeof reference === 'string' ? classNames(reference) : calledNames(reference)
  const wanted = called.map(plainly)
  return wanted.length === 0
    ? undefined
    : [...files.keys()].find((name) => wanted.includes(plainly(name)))
}

function classNames(name: string): readonly string[] {
  if (name.startsWith(CUSTOM_PREFIX)) return []
  const known = name.includes(':') ? name.split(/[:.]/).at(-1) : crewaiTool(name)
  return known === undefined ? [] : [known]
}

/** Of the class or function that is called: as it is called, and as it is defined. */
export function calledNames({ expr, names }: PythonReference): readonly string[] {
  const [, called] = /^([\p{L}_][\p{L}\p{N}_]*)(?:\(.*\))?$/su.exec(expr) ?? []
  if (called === undefined) return []
  const source = names[called]
  const imported =
    source !== undefined && 'import' in source ? source.import.split(':')[1] : undefined
  return imported === undefined ? [called] : [called, imported]
}

function plainly(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}
