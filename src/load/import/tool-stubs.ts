import { join } from 'node:path'
import { sanitizeToolName } from '../../tools/tool-name.ts'
import type { PythonReference } from '../../workers/python/reference.ts'
import type { Known } from '../formats/python/tell/told.ts'
import type { Place } from '../problem.ts'
import { describeAt } from '../problem.ts'
import { builtInFor, crewaiTool } from '../values/crewai-tools.ts'
import { calledNames, listToolFiles, toolFileName } from '../values/node-tools.ts'
import { namedPython } from '../values/python-tool.ts'
import { keyOf } from '../values/tool-references.ts'
import { TOOLS_FOLDER, type ToolReference } from '../values/tool-source.ts'
import { crewaiSpec } from './crewai-specs.ts'
import { describeFileTool, listPythonTools } from './file-tools.ts'
import type { Schema } from './typescript/zod-types.ts'

/** A file of `tools/` in the crew that is written. */
export interface ToolStub {
  /** As `tools:` names it; the file has `.ts` behind it. */
  readonly name: string
  /** As people and models are told it. */
  readonly title: string
  /** Null: nobody knows, and it has to be written as well. */
  readonly description: string | null
  readonly parameters: Schema | null
  /** What it stands for, e.g. `Ruler(unit="cm")`. */
  readonly stands: string
  /** Where that stands, file and line in the project. */
  readonly at: string
  /** The module that its class or function is imported from; null: nothing is. */
  readonly module: string | null
}

/** A file of `tools/` that the project has in TypeScript, to be copied. */
interface CopiedTool {
  readonly name: string
  /** In the project's `tools/`. */
  readonly file: string
}

/** What the agents and tasks of a crew name as their tools, by the names that they get. */
export interface ToolNames {
  /** The name in the crew that is written; undefined: there is no such tool. */
  nameOf(reference: ToolReference, place: Place): string | undefined
  readonly stubs: readonly ToolStub[]
  readonly copied: readonly CopiedTool[]
}

export async function nameTools(dir: string): Promise<ToolNames> {
  const ours = await listToolFiles(join(dir, TOOLS_FOLDER))
  const python = await listPythonTools(dir)
  const names = new Map<string, string>()
  const stubs: ToolStub[] = []
  const copied: CopiedTool[] = []
  const isTaken = (name: string) =>
    [...names.values()].some((one) => plainly(one) === plainly(name))
  const make = (reference: ToolReference, place: Place): string | undefined => {
    const file = toolFileName(reference, ours)
    if (file !== undefined) {
      copied.push({ name: file, file: ours.get(file) ?? file })
      return file
    }
    const told = tellTool(reference, place, { dir, python })
    if (told === null || 'builtIn' in told) return told?.builtIn
    const name = free(fileNameOf(told.called), isTaken)
    const isKnown = (title: string) =>
      stubs.some((stub) => sanitizeToolName(stub.title) === sanitizeToolName(title))
    stubs.push({ ...told, name, title: free(told.title, isKnown) })
    return name
  }
  return {
    stubs,
    copied,
    nameOf: (reference, place) => {
      const key = keyOf(reference)
      const name = names.get(key) ?? make(reference, place)
      if (name !== undefined) names.set(key, name)
      return name
    },
  }
}

interface Told extends Omit<ToolStub, 'name'> {
  /** The class or function. */
  readonly called: string
}

type Origin = Pick<ToolStub, 'stands' | 'at' | 'module'>

interface Looking {
  readonly dir: string
  /** Names of the Python files in `tools/`, without their ending. */
  readonly python: readonly string[]
}

/** Null: there is no such tool. */
function tellTool(
  reference: ToolReference,
  place: Place,
  { dir, python }: Looking,
): Told | { readonly builtIn: string } | null {
  if (typeof reference !== 'string') return tellReference(reference, knownOf(reference))
  const at = describeAt(place)
  const named = namedPython(reference, python, at)
  if (named === null) return null
  const file = `${TOOLS_FOLDER}/${named.standIn}.py`
  if (python.includes(named.standIn))
    return {
      ...spellOut(describeFileTool(dir, file), named.standIn),
      stands: file,
      at: file,
      module: null,
    }
  const crewai = reference.includes(':') ? undefined : crewaiTool(reference)
  return crewai === undefined
    ? { ...spellOut({ kind: 'nothing' }, named.standIn), stands: reference, at, module: null }
    : tellCrewai(crewai, { stands: `${crewai}()`, at, module: 'crewai_tools' })
}

function tellReference(
  reference: PythonReference,
  known: Known,
): Told | { readonly builtIn: string } {
  const origin = { stands: reference.expr, at: reference.at, module: moduleOf(reference) }
  const called = calledNames(reference)[0] ?? lastName(reference.expr)
  if (known.kind !== 'object') return { ...spellOut(known, called), ...origin }
  const name = known.class.split('.').at(-1) ?? called
  return known.class.startsWith('crewai_tools.')
    ? tellCrewai(name, origin)
    : { ...spellOut({ kind: 'nothing' }, name), ...origin }
}

function tellCrewai(name: string, origin: Origin): Told | { readonly builtIn: string } {
  const builtIn = builtInFor(name)
  if (builtIn !== undefined) return { builtIn }
  const spec = crewaiSpec(name)
  const { name: title = name, description = null, parameters = null } = spec ?? {}
  return { called: name, title, description, parameters, ...origin }
}

function spellOut(known: Known, called: string): Omit<Told, keyof Origin> {
  if (known.kind !== 'tool') return { called, title: called, description: null, parameters: null }
  const { name, description, parameters } = known
  const isName = name !== null && sanitizeToolName(name) !== ''
  return {
    called,
    title: isName ? name : called,
    description: description?.trim() ? description : null,
    parameters,
  }
}

/** What the reader knows of a value beside how Python finds it. */
function knownOf(reference: PythonReference): Known {
  return 'known' in reference ? (reference.known as Known) : { kind: 'nothing' }
}

function moduleOf(reference: PythonReference): string | null {
  const [called = ''] = calledNames(reference)
  const source = reference.names[called]
  return source !== undefined && 'import' in source ? (source.import.split(':')[0] ?? null) : null
}

/** `helper` for `self.helper()[0]` */
function lastName(expr: string): string {
  const words = expr.replaceAll(/\(.*\)|\[.*\]|"[^"]*"/gs, '').match(/[\p{L}_][\p{L}\p{N}_]*/gu)
  return words?.at(-1) ?? 'tool'
}

/** `word-count-tool` for `WordCountTool` */
function fileNameOf(called: string): string {
  const name = sanitizeToolName(called).replaceAll('_', '-')
  return name === '' ? 'tool' : name
}

function free(wanted: string, isTaken: (name: string) => boolean): string {
  let name = wanted
  for (let count = 2; isTaken(name); count += 1) name = `${wanted}-${count}`
  return name
}

/** As files are compared with what they stand for. */
function plainly(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}
