import { hash } from 'node:crypto'
import type { Tool } from '../tools/tool.ts'
import { toolSchema } from '../tools/tool-schema.ts'
import type { Agent } from './agent.ts'
import type { Crew } from './crew.ts'
import type { Task } from './task.ts'

/** A tool as a definition keeps it: what a model is told of it, and how it is used. Its code is not in it. */
export interface ToolDefinitionData {
  readonly name: string
  readonly description: string
  /** JSON Schema. */
  readonly parameters: unknown
  readonly resultAsAnswer: boolean
  readonly timeoutMs: number
}

type WithTools<T, Tools> = Omit<T, 'tools'> & { readonly tools: readonly Tools[] }

/** What a crew's files say, as plain data. A run keeps to the one it was started with, whatever becomes of the files. */
export interface Definition extends Omit<Crew, 'agents' | 'tasks' | 'managerAgent'> {
  readonly agents: readonly WithTools<Agent, ToolDefinitionData>[]
  readonly tasks: readonly WithTools<Task, ToolDefinitionData>[]
  readonly managerAgent: WithTools<Agent, ToolDefinitionData> | null
}

export function toDefinition(crew: Crew): Definition {
  return withTools(crew, toToolData)
}

/** The first 32 hex digits of the SHA-256 of its JSON text. */
export function hashOf(definition: Definition): string {
  return hash('sha256', JSON.stringify(definition)).slice(0, 32)
}

/** @param bind the way to a tool; never fails, because a run may not need it any more */
export function fromDefinition(
  definition: Definition,
  bind: (tool: ToolDefinitionData) => Tool,
): Crew {
  return withTools(definition, bind)
}

function withTools<From, To>(
  crew: {
    readonly agents: readonly WithTools<Agent, From>[]
    readonly tasks: readonly WithTools<Task, From>[]
    readonly managerAgent: WithTools<Agent, From> | null
  } & Omit<Crew, 'agents' | 'tasks' | 'managerAgent'>,
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

function toToolData(tool: Tool): ToolDefinitionData {
  const { name, description, resultAsAnswer, timeoutMs } = tool
  return { name, description, parameters: toolSchema(tool.parameters), resultAsAnswer, timeoutMs }
}
