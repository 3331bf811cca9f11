import { isMarked } from '../interpret/calls/classes.ts'
import { isCrewai } from '../interpret/calls/crewai-names.ts'
import { describeNames } from '../interpret/expressions/operators.ts'
import { isText, list, untold } from '../interpret/values/make.ts'
import type { Instance, Made, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import type { At } from '../nodes.ts'

/** A field of an agent, a task, or a crew. */
export interface Field {
  readonly name: string
  readonly value: Value
  readonly at: At
  /** As it is found in a file of YAML; null: in Python. */
  readonly yamlPath: readonly string[] | null
}

/** What is passed to a constructor, and what its `config` adds to that. Of what is passed None counts as nothing. */
export function fieldsOf(made: Made, self: Instance | null, world: World): readonly Field[] {
  const config = made.keywords.get('config')?.value
  const passed = [...made.keywords].filter(([name]) => name !== 'config')
  const given = new Set(passed.filter(([, { value }]) => !isNone(value)).map(([name]) => name))
  const marks = isCrewai(made.callee, 'Agent') ? AGENT_MARKS : TASK_MARKS
  const entries = config?.kind === 'dict' ? [...config.entries] : []
  return [
    ...configured(config),
    ...entries
      .filter(([name]) => !given.has(name))
      .map(([name, value]) => ({
        name,
        value: self === null ? value : meant(marks.get(name), value, self, world),
        at: value.at,
        yamlPath: yamlPathOf(config, name),
      })),
    ...passed.map(([name, { value, at }]) => ({ name, value, at, yamlPath: null })),
  ]
}

const NO_CONFIG =
  'cannot be told without running it; take it from the YAML of the class, or write its fields here'

/** A config that is not known is one mistake, not one for each field that is then missing. */
function configured(config: Value | undefined): readonly Field[] {
  if (config === undefined || config.kind === 'dict' || isNone(config)) return []
  const value = config.kind === 'untold' ? config : untold(NO_CONFIG, config.at)
  return [{ name: 'config', value, at: config.at, yamlPath: null }]
}

function yamlPathOf(config: Value | undefined, name: string): readonly string[] | null {
  return config?.kind === 'dict' && config.file !== null && config.key !== null
    ? [config.key, name]
    : null
}

export function fieldOf(
  made: Made,
  name: string,
  self: Instance | null,
  world: World,
): Field | undefined {
  return fieldsOf(made, self, world).findLast((field) => field.name === name)
}

function isNone(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null
}

/** Which methods of the class a field in YAML may name. */
const AGENT_MARKS: ReadonlyMap<string, string> = new Map([
  ['tools', 'tool'],
  ['llm', 'llm'],
  ['function_calling_llm', 'llm'],
  ['step_callback', 'callback'],
  ['cache_handler', 'cache_handler'],
])
const TASK_MARKS: ReadonlyMap<string, string> = new Map([
  ['agent', 'agent'],
  ['context', 'task'],
  ['tools', 'tool'],
  ['callbacks', 'callback'],
  ['output_json', 'output_json'],
  ['output_pydantic', 'output_pydantic'],
])

/** Names in YAML that CrewAI takes for those of the class's methods. */
function meant(mark: string | undefined, value: Value, self: Instance, world: World): Value {
  if (mark === undefined) return value
  if (value.kind === 'list')
    return list(
      value.items.map((item) => called(item, mark, self, world)),
      value.at,
    )
  return called(value, mark, self, world)
}

function called(value: Value, mark: string, self: Instance, world: World): Value {
  if (!isText(value)) return value
  const member = world.classAttribute(self.cls, value.value)
  if (mark === 'output_json' || mark === 'output_pydantic') return member ?? value
  if (member?.kind === 'function' && isMarked(member.decorators, mark))
    return world.call({ ...member, self }, { args: [], keywords: new Map() }, value.at)
  if (mark !== 'agent' && mark !== 'task') return value
  const names = [...self.cls.attributes.known].flatMap(([name, one]) =>
    one.kind === 'function' && isMarked(one.decorators, mark) ? [name] : [],
  )
  const why = `${self.cls.def.name} has no method ${value.value} with @${mark}; ${describeNames(names)}`
  return untold(why, value.at)
}
