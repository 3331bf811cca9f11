import { hole } from '../interpret/values/make.ts'
import type { Made, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import type { At } from '../nodes.ts'
import { type Path, tell } from '../tell/tell.ts'
import type { ToldField } from '../tell/told.ts'
import type { CrewObjects } from './crew-class.ts'
import type { Field } from './fields-of.ts'
import { describeNoMember, isMember, type Note } from './members.ts'

export interface Telling {
  readonly objects: CrewObjects
  readonly world: World
  /** By what they are called. */
  readonly agents: ReadonlyMap<Made, string>
  readonly tasks: ReadonlyMap<Made, string>
  readonly mistake: Note
  /** Of what CrewAI takes, and does nothing with. */
  readonly remark: Note
}

/** @param section e.g. `['agents', 'researcher']` */
export function tellField(
  field: Field,
  section: Path,
  owner: Made,
  telling: Telling,
): readonly ToldField[] {
  const { name, value, at, yamlPath } = field
  const path = [...section, name]
  const reference = tellReference(field, path, telling)
  const told =
    reference === null
      ? tell(value, path, { ...telling, home: homeOf(owner, telling) })
      : reference.value
  if (told === undefined) return []
  // An agent or a task stands where it is made, and not where it is named.
  const locate = (inner: Path) => (reference === null ? locateIn(value, inner) : undefined) ?? at
  return [{ name, value: told, locate, yamlPath }]
}

/** What Python calls to get at something that a method makes; null: nothing does. */
function homeOf({ name }: Made, { objects: { self } }: Telling): Value | null {
  if (name === null || self === null) return null
  return hole('', [self, `.${name}()`], self.at)
}

interface Reference {
  readonly value: unknown
}

/** Agents and tasks are named, wherever they are given. Null: the field gives none. */
function tellReference(field: Field, path: Path, telling: Telling): Reference | null {
  const { name, value } = field
  const [group] = path
  const isAgent =
    group === 'tasks' ? name === 'agent' : group === 'crew' && name === 'manager_agent'
  if (isAgent) return tellAgent(value, path, telling)
  const isContext = group === 'tasks' && name === 'context'
  return isContext && value.kind === 'list' ? tellContext(value.items, field, path, telling) : null
}

function tellAgent(value: Value, path: Path, telling: Telling): Reference | null {
  if (isMember(value, 'Agent')) return { value: telling.agents.get(value) }
  if (value.kind === 'scalar') return null
  telling.mistake(value.at, path, describeNoMember(value, 'Agent'))
  return { value: undefined }
}

function tellContext(
  items: readonly Value[],
  { at }: Field,
  path: Path,
  telling: Telling,
): Reference {
  const unused: string[] = []
  const names = items.flatMap((item, index) => {
    if (!isMember(item, 'Task')) {
      telling.mistake(item.at, [...path, index], describeNoMember(item, 'Task'))
      return []
    }
    const task = telling.tasks.get(item)
    if (task === undefined) unused.push(item.name ?? 'another task')
    return task === undefined ? [] : [task]
  })
  if (unused.length > 0) {
    const message = `names ${unused.join(', ')}, which the crew does not run, so that nothing comes of it`
    telling.remark(at, path, message)
  }
  return { value: names }
}

function locateIn(value: Value, [part, ...rest]: Path): At | undefined {
  if (part === undefined) return undefined
  const inner = partOf(value, part)
  return inner === undefined ? undefined : (locateIn(inner, rest) ?? inner.at)
}

function partOf(value: Value, part: string | number): Value | undefined {
  if (value.kind === 'list') return typeof part === 'number' ? value.items[part] : undefined
  return value.kind === 'dict' ? value.entries.get(String(part)) : undefined
}
