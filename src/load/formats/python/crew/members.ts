import { isCrewai } from '../interpret/calls/crewai-names.ts'
import type { Made, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import type { At } from '../nodes.ts'
import type { Path } from '../tell/tell.ts'
import type { CrewObjects } from './crew-class.ts'
import { fieldOf } from './fields-of.ts'

/** Notes what is wrong, and where. */
export type Note = (at: At, path: Path, message: string) => void

export type Noun = 'Agent' | 'Task'

export function isMember(value: Value | undefined, noun: Noun): value is Made {
  if (value?.kind !== 'made') return false
  return isCrewai(value.callee, noun) || isCrewai(value.callee, `Conditional${noun}`)
}

/** The tasks of a crew, each once. */
export function listTasks(listed: Value | undefined, mistake: Note): readonly Made[] {
  return membersOf(listed, 'tasks', 'Task', mistake)
}

/** The agents that a crew lists, those that its tasks name beside them, and the manager. */
export function listAgents(
  tasks: readonly Made[],
  listed: { readonly agents: Value | undefined; readonly manager: Value | undefined },
  { self, world }: Pick<CrewObjects, 'self'> & { readonly world: World },
  mistake: Note,
): readonly Made[] {
  const named = tasks.map((task) => fieldOf(task, 'agent', self, world)?.value)
  const others = [...named, listed.manager].filter((value) => isMember(value, 'Agent'))
  return [...new Set([...membersOf(listed.agents, 'agents', 'Agent', mistake), ...others])]
}

function membersOf(
  value: Value | undefined,
  group: 'agents' | 'tasks',
  noun: Noun,
  mistake: Note,
): readonly Made[] {
  if (value === undefined) return []
  if (value.kind !== 'list') {
    mistake(value.at, [group], `cannot be told without running it: ${whyOf(value)}`)
    return []
  }
  const members = value.items.flatMap((item, index) => {
    if (isMember(item, noun)) return [item]
    mistake(item.at, [group, index], describeNoMember(item, noun))
    return []
  })
  return [...new Set(members)]
}

export function describeNoMember(value: Value, noun: Noun): string {
  if (value.kind === 'untold') return value.why
  const what = noun.toLowerCase()
  return `is no ${what} that can be told without running it: ${whyOf(value)}; make it with ${noun}(…)`
}

export function whyOf(value: Value): string {
  if (value.kind === 'untold' || value.kind === 'hole') return value.why
  if (value.kind === 'scalar')
    return value.value === null ? 'it is None' : `it is ${JSON.stringify(String(value.value))}`
  return value.kind === 'made'
    ? `it is made by ${value.callee.path.join('.')}`
    : 'it is none at all'
}
