import { join, parse } from 'node:path'
import type { Tool } from '../../tools/tool.ts'
import type { LoadedCode } from '../../workers/crew-code.ts'
import type { PythonCrewCode, ToldTool } from '../../workers/python/python-crew-code.ts'
import type { PythonReference } from '../../workers/python/reference.ts'
import type { CrewReading } from '../formats/format.ts'
import { listFolder } from '../formats/list-folder.ts'
import type { PythonValue } from '../formats/python/tell/told.ts'
import { describeAt, type Place, type Report } from '../problem.ts'
import { describeValue } from '../source.ts'
import { calledNames } from './node-tools.ts'
import { namedPython } from './python-tool.ts'
import { keyOf, type PlacedReference } from './tool-references.ts'
import { isTool, TOOLS_FOLDER, type ToolSource } from './tool-source.ts'

/** What evaluates Python. */
export interface PythonCode {
  /** In the order of the references, by their keys. */
  load(references: readonly PythonReference[]): Promise<readonly LoadedCode[]>
  /** See {@link PythonCrewCode.bindLater}. */
  readonly bindLater: PythonCrewCode['bindLater']
  /** Over the Python of the project that is used, or may be. Empty: none is. */
  codeHash(): string
  /** Ends its processes, once the calls that are in flight have ended. */
  retire(): Promise<void>
  /** Ends its processes. */
  stop(): Promise<void>
}

/**
 * The tools of a crew that are written in Python: what only Python can tell, files of `tools/`, and CrewAI's own.
 *
 * @param references those that no other source has
 * @param python null: nothing runs it, which is an error of a crew that needs it
 */
export async function pythonTools(
  { dir, report }: CrewReading,
  references: readonly PlacedReference[],
  python: PythonCode | null,
): Promise<ToolSource> {
  const files = await listFolder(join(dir, TOOLS_FOLDER))
  const names = files.flatMap((file) => (isPython(file) ? [parse(file).name] : []))
  const wanted = references.flatMap((placed) => meaningOf(placed, names) ?? [])
  const unique = new Map<string, PythonReference>()
  for (const { reference } of wanted)
    if (!unique.has(reference.key)) unique.set(reference.key, reference)
  const found = python === null ? [] : await find([...unique.values()], python)
  const byKey = new Map(found.map((one) => [one.key, withoutPlace(one, unique.get(one.key))]))
  const tools = new Map<string, readonly Tool[] | null>()
  for (const one of wanted) tools.set(one.key, toolsOf(one, byKey.get(one.reference.key), report))
  return { names, find: (reference) => tools.get(keyOf(reference)) }
}

/** Those of which the files tell all are loaded at their first call, the others now. */
async function find(
  references: readonly PythonReference[],
  python: PythonCode,
): Promise<readonly LoadedCode[]> {
  const told = references.flatMap((reference) => toldOf(reference) ?? [])
  const bound = told.length === 0 ? null : await python.bindLater(told)
  const later = (bound ?? []).map((value): LoadedCode => ({ key: value.key, value }))
  const keys = new Set(later.map(({ key }) => key))
  return [...later, ...(await python.load(references.filter(({ key }) => !keys.has(key))))]
}

function toldOf(reference: PythonReference): ToldTool | null {
  const { known } = reference as Partial<PythonValue>
  if (known?.kind !== 'tool' || !known.isPlain) return null
  const { name, description, parameters: schema } = known
  const isWhole = name !== null && description !== null && schema !== null
  return isWhole ? { reference, name, description, schema } : null
}

interface Meaning {
  /** Of what stands in the file. */
  readonly key: string
  readonly place: Place
  readonly reference: PythonReference
  readonly description: string
  /** The file in TypeScript that would stand in for it, without its ending. */
  readonly standIn: string
}

function meaningOf(
  { reference, place }: PlacedReference,
  files: readonly string[],
): Meaning | null {
  const key = keyOf(reference)
  if (typeof reference !== 'string')
    return {
      key,
      place,
      reference,
      description: `\`${reference.expr}\`, which is Python`,
      standIn: calledNames(reference)[0] ?? '<name>',
    }
  const found = namedPython(reference, files, describeAt(place))
  return found && { key, place, ...found }
}

function toolsOf(
  { place, description, standIn }: Meaning,
  loaded: LoadedCode | undefined,
  report: Report,
): readonly Tool[] | null {
  if (loaded === undefined) {
    report.add(
      'python-needed',
      place,
      `is ${description}, and nothing runs that here; write it in TypeScript, as tools/${standIn}.ts`,
    )
    return null
  }
  if ('error' in loaded) {
    // The same cause, such as a Python that is not there, is told once for all tools.
    report.add('code-broken', place, `cannot be loaded: ${loaded.error}`)
    return null
  }
  const tools = Array.isArray(loaded.value) ? loaded.value : [loaded.value]
  if (tools.every(isTool)) return tools
  const wrong = describeValue(tools.find((tool) => !isTool(tool)))
  report.add(
    'code-broken',
    place,
    `is ${description}, and must be a tool, or a list of tools, but is ${wrong}`,
  )
  return null
}

/** The place of the reference is told by the problem already, and would part what has one cause. */
function withoutPlace(loaded: LoadedCode, reference: PythonReference | undefined): LoadedCode {
  const prefix = `${reference?.at}: `
  return 'error' in loaded && loaded.error.startsWith(prefix)
    ? { ...loaded, error: loaded.error.slice(prefix.length) }
    : loaded
}

function isPython(file: string): boolean {
  return file.endsWith('.py') && file !== '__init__.py'
}
