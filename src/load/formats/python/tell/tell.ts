import { isToolClass } from '../interpret/calls/attribute.ts'
import { decoratorNames, isKindOf } from '../interpret/calls/classes.ts'
import { isCrewai } from '../interpret/calls/crewai-names.ts'
import { fullName, hole, isText, UNKNOWN } from '../interpret/values/make.ts'
import { resolve } from '../interpret/values/truth.ts'
import type { EnvironmentVariable, Made, OwnClass, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import { llmArguments } from './llm.ts'
import { LOCAL } from './pieces.ts'
import { toReference } from './to-python.ts'
import type { Known, PythonValue } from './told.ts'
import { describeModel, describeTool } from './tool-spec.ts'

export interface Telling {
  readonly world: World
  /** How Python finds what is made in a method; null: it does not. */
  readonly home: Value | null
  readonly mistake: (at: Value['at'], path: Path, message: string) => void
}

export type Path = readonly (string | number)[]

/** A value as JSON, with what only Python can give in it; undefined: a mistake, which is noted. */
export function tell(value: Value, path: Path, telling: Telling): unknown {
  telling.world.spend()
  switch (value.kind) {
    case 'scalar':
      return typeof value.value === 'bigint' ? Number(value.value) : value.value
    case 'list':
      return value.items.map((item, index) => tell(item, [...path, index], telling))
    case 'dict':
      return Object.fromEntries(
        [...value.entries].map(([key, item]) => [key, tell(item, [...path, key], telling)]),
      )
    case 'env':
    case 'parts':
      return tellText(value, path, telling)
    case 'made':
      return tellMade(value, path, telling)
    case 'external':
      if (isCrewai({ ...value, path: value.path.slice(0, -1) }, 'Process')) return value.path.at(-1)
      return python(value, { kind: 'nothing' }, path, telling)
    case 'untold':
      telling.mistake(value.at, path, value.why)
      return undefined
    case 'instance':
      return tellInstance(value, path, telling)
    case 'class':
      return python(value, describeClass(value, telling), path, telling)
    case 'function':
      return python(value, describeFunction(value, telling), path, telling)
    default:
      return python(value, { kind: 'nothing' }, path, telling)
  }
}

/** What the environment gives now; a variable that is not set is what `os.getenv` makes of it, nothing. */
function tellText(value: Value, path: Path, { world, mistake }: Telling): unknown {
  const known = resolve(value, world)
  if (known !== null) return known.value
  mistake(value.at, path, 'depends on what only a run can tell')
  return undefined
}

function tellMade(value: Made, path: Path, telling: Telling): unknown {
  const llm = llmArguments(value)
  if (llm === null) {
    const known: Known = {
      kind: 'object',
      class: fullName(value.callee),
      arguments: plainArguments(value, telling),
    }
    return python(value, known, path, telling)
  }
  const fields = llm.fields.map(({ name, value: given }) => {
    const told = name === 'api_key' ? tellKey(given) : tellSetting(given, [...path, name], telling)
    return [name, name === 'model' ? withProvider(told, llm.provider) : told] as const
  })
  return Object.fromEntries(fields)
}

function withProvider(model: unknown, provider: string | null): unknown {
  if (typeof model !== 'string' || provider === null || provider === '') return model
  const name = provider === 'gemini' ? model.replace(/^models\//, '') : model
  return name.startsWith(`${provider}/`) ? name : `${provider}/${name}`
}

/** A key is never read, only where it is. */
function tellKey(value: Value): unknown {
  if (value.kind === 'env') return `\${${value.name}}`
  return isText(value) ? value.value : null
}

/** Of a model: variables stay what they are, because its server may set them as well. */
function tellSetting(value: Value, path: Path, telling: Telling): unknown {
  if (value.kind === 'parts')
    return value.parts.map((part) => tellSetting(part, path, telling)).join('')
  if (value.kind !== 'env') return tell(value, path, telling)
  return telling.world.environment.ofModel(value.name) ?? variable(value, path, telling)
}

function variable({ name, fallback }: EnvironmentVariable, path: Path, telling: Telling): string {
  const told = fallback === null ? null : tell(fallback, path, telling)
  return told === null || told === undefined ? `\${${name}}` : `\${${name}:-${String(told)}}`
}

function tellInstance(value: Value & { kind: 'instance' }, path: Path, telling: Telling): unknown {
  const { world } = telling
  if (isKindOf(value.cls, ['Enum', 'StrEnum', 'IntEnum'], world)) {
    const inner = value.attributes.get('value') ?? value.args[0]
    return inner === undefined ? undefined : tell(inner, path, telling)
  }
  const known = isToolClass(value.cls, world)
    ? describeTool(value, telling.world)
    : { kind: 'nothing' as const }
  return python(value, known, path, telling)
}

function describeClass(cls: OwnClass, { world }: Telling): Known {
  return isToolClass(cls, world) ? { kind: 'nothing' } : describeModel(cls, world)
}

function describeFunction(value: Value & { kind: 'function' }, telling: Telling): Known {
  const isTool = decoratorNames(value.decorators).some((name) => /(^|\.)tool$/.test(name))
  if (isTool) return describeTool(value, telling.world)
  return { kind: 'function', name: value.def.nodeType === 'Lambda' ? 'lambda' : value.def.name }
}

/** By their names; those without one are counted from 0. Null: one is no JSON. */
function plainArguments(
  { args, keywords }: Made,
  telling: Telling,
): Readonly<Record<string, unknown>> | null {
  const entries = [
    ...args.map((value, index) => [String(index), value] as const),
    ...[...keywords].map(([name, { value }]) => [name, value] as const),
  ]
  const told = entries.map(([name, value]) => [name, plain(value, telling)] as const)
  return told.every(([, value]) => value !== undefined) ? Object.fromEntries(told) : null
}

/** Undefined: it is no JSON. */
function plain(value: Value, telling: Telling): unknown {
  telling.world.spend()
  if (value.kind === 'scalar') return tell(value, [], telling)
  if (value.kind === 'env' || value.kind === 'parts')
    return resolve(value, telling.world)?.value ?? undefined
  if (value.kind === 'list') {
    const items = value.items.map((item) => plain(item, telling))
    return items.includes(undefined) ? undefined : items
  }
  if (value.kind !== 'dict') return undefined
  const entries = [...value.entries].map(([key, item]) => [key, plain(item, telling)] as const)
  return entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries)
}

function python(value: Value, known: Known, path: Path, telling: Telling): PythonValue | undefined {
  const reference = toReference(value, telling.world)
  if ('key' in reference) {
    const why = value.kind === 'hole' ? value.why : DEFAULT_WHY[known.kind]
    return { ...reference, why, place: value.at, known }
  }
  // What is made in a method can be taken from what the method gives.
  if (reference.why === LOCAL && telling.home !== null) {
    const pieces = [telling.home, insideHome(path)]
    const taken = hole(DEFAULT_WHY[known.kind], pieces, value.at)
    return python(taken, known, path, { ...telling, home: null })
  }
  telling.mistake(reference.at, path, reference.why)
  return undefined
}

/** `.callback` of `tasks.review_task.callback` */
function insideHome([, , ...rest]: Path): string {
  return rest.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
}

const DEFAULT_WHY: Readonly<Record<Known['kind'], string>> = {
  object: "an object of CrewAI's or another library's",
  tool: "a tool of the project's own",
  model: "a class of the project's own",
  function: "a function of the project's own",
  nothing: UNKNOWN,
}
