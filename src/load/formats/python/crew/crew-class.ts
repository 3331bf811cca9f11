import { initialize } from '../interpret/calls/attribute.ts'
import { ancestors, isMarked } from '../interpret/calls/classes.ts'
import { bindingsOf } from '../interpret/names/bindings.ts'
import { ownAttribute } from '../interpret/names/look-up.ts'
import { instance, list } from '../interpret/values/make.ts'
import type { Instance, List, OwnClass, OwnFunction, Value } from '../interpret/values/value.ts'
import type { Arguments, World } from '../interpret/world.ts'
import { fieldOf } from './fields-of.ts'

/** A crew as its class makes it, every agent and task the object that Python would have. */
export interface CrewObjects {
  readonly self: Instance | null
  readonly crew: Value
  /** Its methods, in the order in which CrewAI calls them. */
  readonly hooks: readonly Hook[]
}

interface Hook {
  readonly mark: string
  readonly method: Value
}

const NOTHING = { args: [], keywords: new Map() }

const HOOKS = [
  'before_kickoff',
  'after_kickoff',
  'before_llm_call',
  'after_llm_call',
  'before_tool_call',
  'after_tool_call',
]

/** A new object of the crew's class. */
export function createSelf(cls: OwnClass, given: Arguments): Instance {
  return { ...instance(cls, given, cls.at), isCrew: true }
}

/**
 * Does what CrewAI does: `__init__`, then every task and every agent that the class itself defines, then the method
 * with `@crew`. Undefined: there is none.
 */
export function makeCrew(self: Instance, world: World): CrewObjects | undefined {
  const { cls } = self
  const methods = methodsOf(cls, world)
  const crewMethod = findCrewMethod(cls, methods, world)
  if (crewMethod === undefined) return undefined
  initialize(self, world)
  const marked = (mark: string) => methods.filter(({ decorators }) => isMarked(decorators, mark))
  const make = (method: OwnFunction) => world.call({ ...method, self }, NOTHING, method.at)
  const tasks = marked('task').map(make)
  const agents = marked('agent').map(make)
  self.attributes.set('tasks', list(tasks, cls.at))
  self.attributes.set('agents', agentList(tasks, agents, self, world))
  const hooks = HOOKS.flatMap((mark) =>
    marked(mark).map((method) => ({ mark, method: { ...method, self } })),
  )
  return { self, crew: make(crewMethod), hooks }
}

/** The agents of the tasks in their order, then the others; of two with the same role the first. */
function agentList(
  tasks: readonly Value[],
  agents: readonly Value[],
  self: Instance,
  world: World,
): List {
  const ofTasks = tasks.flatMap((task) => {
    const agent = task.kind === 'made' ? fieldOf(task, 'agent', self, world)?.value : undefined
    return agent === undefined ? [] : [agent]
  })
  const found: Value[] = []
  const roles = new Set<unknown>()
  for (const agent of [...ofTasks, ...agents]) {
    const role = agent.kind === 'made' ? fieldOf(agent, 'role', self, world)?.value : undefined
    const key = role?.kind === 'scalar' ? role.value : agent
    if (agent.kind === 'scalar' || roles.has(key)) continue
    roles.add(key)
    found.push(agent)
  }
  return list(found, self.at)
}

/** The methods of a class itself. One that is defined twice has its first place and its last body. */
function methodsOf(cls: OwnClass, world: World): readonly OwnFunction[] {
  return [...bindingsOf(cls.def.body).keys()].flatMap((name) => {
    const value = ownAttribute(cls, name, world)
    return value?.kind === 'function' ? [value] : []
  })
}

function findCrewMethod(
  cls: OwnClass,
  methods: readonly OwnFunction[],
  world: World,
): OwnFunction | undefined {
  const own = methods.filter(({ decorators }) => isMarked(decorators, 'crew'))
  const inherited = () =>
    ancestors(cls, world)
      .slice(1)
      .flatMap((base) => methodsOf(base, world))
      .find(({ decorators }) => isMarked(decorators, 'crew'))
  return own.find(({ path }) => path?.endsWith('.crew')) ?? own[0] ?? inherited()
}
