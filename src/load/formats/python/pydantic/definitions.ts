import type { JsonSchema } from '../../../../llm/model.ts'
import { canonical } from './types/core.ts'

/** How a definition may be called; the module tells two of the same name apart. */
interface DefinitionName {
  /** Dotted, e.g. `stock_analysis.types`. */
  readonly module: string
  /** E.g. `Report.Section`. */
  readonly qualifiedName: string
}

/** What goes into `$defs`: everything with a name that pydantic refers to. */
export interface Definitions {
  /** A reference to what `build` makes, which is called once a key. */
  refer(key: object, name: DefinitionName, build: () => JsonSchema): JsonSchema
  get(key: object): JsonSchema | undefined
  /** The whole schema of which `root` is the key: with `$defs`, names and sorted keys. */
  finish(root: object): JsonSchema | null
}

interface Definition {
  readonly id: string
  readonly name: DefinitionName
  schema: JsonSchema | undefined
}

const PREFIX = '#/$defs/'
/** Stands for a name until all are known; no text of an author begins so. */
const UNNAMED = '\u0000'

export function createDefinitions(): Definitions {
  const definitions = new Map<object, Definition>()
  const byRef = new Map<string, Definition>()
  return {
    refer: (key, name, build) => {
      const known = definitions.get(key)
      const id = `${UNNAMED}${definitions.size}`
      const definition = known ?? { id, name, schema: undefined }
      if (known === undefined) {
        definitions.set(key, definition)
        byRef.set(definition.id, definition)
        definition.schema = build()
      }
      return { $ref: definition.id }
    },
    get: (key) => definitions.get(key)?.schema,
    finish: (key) => {
      const root = definitions.get(key)
      return root?.schema === undefined ? null : finish(root, root.schema, byRef)
    },
  }
}

/** A root that nothing refers to stands at the top; one that is recursive is referred to from there. */
function finish(
  root: Definition,
  schema: JsonSchema,
  byRef: ReadonlyMap<string, Definition>,
): JsonSchema {
  const used = new Map<string, Definition>()
  const visit = (value: unknown) =>
    eachRef(value, (ref) => {
      const definition = byRef.get(ref)
      if (definition === undefined || used.has(ref)) return
      used.set(ref, definition)
      visit(definition.schema)
    })
  visit(schema)
  const names = chooseNames([...used.values()])
  const top = used.has(root.id) ? { $ref: root.id } : schema
  const defs = [...used.values()].map((one) => [names.get(one.id), one.schema] as const)
  const whole = defs.length === 0 ? top : { ...top, $defs: Object.fromEntries(defs) }
  return sortKeys(rename(whole, names), null) as JsonSchema
}

/** The shortest name that no other has; with its module when another class is called like it. */
function chooseNames(used: readonly Definition[]): ReadonlyMap<string, string> {
  const short = ({ name }: Definition) => name.qualifiedName.split('.').at(-1) ?? ''
  const long = ({ name }: Definition) => `${name.module}.${name.qualifiedName}`
  const isAlone = new Map(
    [...Map.groupBy(used, short)].map(([name, alike]) => {
      const [first, ...others] = alike.map(({ schema }) => schema)
      const text = others.length === 0 ? '' : canonical(first)
      return [name, others.every((other) => canonical(other) === text)]
    }),
  )
  return new Map(
    used.map((one) => [one.id, normalizeName(isAlone.get(short(one)) ? short(one) : long(one))]),
  )
}

function normalizeName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9.\-_]/g, '_').replaceAll('.', '__')
}

function eachRef(value: unknown, visit: (ref: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) {
    if (key === '$ref' && typeof one === 'string') visit(one)
    // Examples hold values, not schemas.
    else if (key !== 'examples' || !Array.isArray(one)) eachRef(one, visit)
  }
}

function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => rename(one, names))
  if (typeof value === 'string') {
    const name = names.get(value)
    return name === undefined ? value : `${PREFIX}${name}`
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rename(one, names)]))
}

/** Pydantic sorts all keys but those whose order the author chose. */
function sortKeys(value: unknown, parent: string | null): unknown {
  if (Array.isArray(value)) return value.map((one) => sortKeys(one, parent))
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value)
  const sorted = parent === 'properties' || parent === 'default' ? keys : keys.sort()
  const map = value as JsonSchema
  return Object.fromEntries(sorted.map((key) => [key, sortKeys(map[key], key)]))
}
