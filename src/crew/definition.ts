import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { DEFAULT_CHOICE, type ModelChoice, newChoice } from '../llm/model-choice.ts'
import type { Tool, ToolData } from '../tools/tool.ts'
import { AGENT_DEFAULTS, type Agent } from './agent.ts'
import { CREW_DEFAULTS, type Crew } from './crew.ts'
import { TASK_DEFAULTS, type Task } from './task.ts'

type WithTools<T, Tools> = Omit<T, 'tools'> & { readonly tools: readonly Tools[] }

/** What of a crew has tools. */
interface Parts<Tools> {
  readonly agents: readonly WithTools<Agent, Tools>[]
  readonly tasks: readonly WithTools<Task, Tools>[]
  readonly managerAgent: WithTools<Agent, Tools> | null
}

/** What a crew's files say, as plain data. A run keeps to the one it was started with, whatever becomes of the files. */
export interface Definition extends Omit<Crew, keyof Parts<unknown>>, Parts<ToolData> {}

export function toDefinition(crew: Crew): Definition {
  return withTools(crew, toToolData)
}

/**
 * The first 32 hex digits of a SHA-256. Neither the order of fields in the files counts, nor a field that has its
 * default: a release that brings a new field makes no new version of every crew.
 */
export function hashOf({ agents, tasks, managerAgent, ...crew }: Definition): string {
  const toldAgent = (agent: Definition['agents'][number]) => ({
    ...without(AGENT_DEFAULTS, agent),
    llm: toldModel(agent.llm),
  })
  const told = {
    ...without(CREW_DEFAULTS, crew),
    managerLlm: toldModel(crew.managerLlm),
    agents: agents.map(toldAgent),
    tasks: tasks.map((task) => without(TASK_DEFAULTS, task)),
    ...(managerAgent && { managerAgent: toldAgent(managerAgent) }),
  }
  return hash('sha256', JSON.stringify(told, inOrder)).slice(0, 32)
}

/** A name alone is told as one. Undefined: nothing is said. */
function toldModel(choice: ModelChoice): unknown {
  const { name, ...more } = without(DEFAULT_CHOICE, choice)
  return Object.keys(more).length === 0 ? name : { name, ...more }
}

function without(defaults: object, section: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(section).filter(
      ([name, value]) =>
        !(
          Object.hasOwn(defaults, name) &&
          isDeepStrictEqual(value, defaults[name as keyof typeof defaults])
        ),
    ),
  )
}

/** For `JSON.stringify`: the keys of every object sorted. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A definition as it was stored, with the defaults of fields that its writer did not know yet. */
export function completed(stored: Definition): Definition {
  const { managerAgent } = stored
  return {
    ...CREW_DEFAULTS,
    ...stored,
    managerLlm: completedModel(stored.managerLlm),
    agents: stored.agents.map(completedAgent),
    tasks: stored.tasks.map((task) => ({ ...TASK_DEFAULTS, ...task })),
    managerAgent: managerAgent && completedAgent(managerAgent),
  }
}

/** Parameters once stood beside the name. */
function completedAgent({
  llmParameters,
  ...agent
}: Definition['agents'][number] & { readonly llmParameters?: ModelChoice['parameters'] }) {
  return { ...AGENT_DEFAULTS, ...agent, llm: completedModel(agent.llm, llmParameters) }
}

/** A model once was its name, or null. */
function completedModel(
  stored: ModelChoice | string | null | undefined,
  parameters: ModelChoice['parameters'] = {},
): ModelChoice {
  if (typeof stored === 'object' && stored !== null) return { ...DEFAULT_CHOICE, ...stored }
  return newChoice({ name: stored ?? null, parameters })
}

/** All tools of its agents and tasks, some of them perhaps more than once. */
export function toolsOf<Tools>({ agents, tasks, managerAgent }: Parts<Tools>): readonly Tools[] {
  const managers = managerAgent === null ? [] : [managerAgent]
  return [...agents, ...managers, ...tasks].flatMap(({ tools }) => tools)
}

/** @param bind the way to a tool; never fails, because a run may not need it any more */
export function fromDefinition(definition: Definition, bind: (tool: ToolData) => Tool): Crew {
  return withTools(definition, bind)
}

function withTools<From, To>(
  crew: Parts<From> & Omit<Crew, keyof Parts<From>>,
  convert: (tool: From) => To,
) {
  const convertAll = <T>(one: WithTools<T, From>): WithTools<T, To> => ({
    ...one,
    tools: one.tools.map(convert),
  })
  const { agents, tasks, managerAgent } = crew
  return {
    ...crew,
    agents: agents.map((agent) => convertAll<Agent>(agent)),
    tasks: tasks.map((task) => convertAll<Task>(task)),
    managerAgent: managerAgent && convertAll<Agent>(managerAgent),
  }
}

/** Without the way to call it. */
function toToolData(tool: Tool): ToolData {
  const { key, name, description, parameters, resultAsAnswer, timeoutMs, onCrash } = tool
  const { schema } = parameters
  return { key, name, description, parameters: { schema }, resultAsAnswer, timeoutMs, onCrash }
}
