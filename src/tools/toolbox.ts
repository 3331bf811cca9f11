import { messageOf } from '../errors.ts'
import type { ToolSpec } from '../llm/model.ts'
import { callTool, type ToolResult } from './call-tool.ts'
import type { Tool } from './tool.ts'
import { sanitizeToolName } from './tool-name.ts'
import { toolSchema } from './tool-schema.ts'

interface AgentToolCall {
  /** JSON text as the model wrote it. */
  readonly arguments: string
  /** Of the call, e.g. `research_task/1/tool/2.1`; work it consists of has keys below it. */
  readonly key: string
  readonly signal: AbortSignal
}

/** A tool as one agent has it. */
export interface AgentTool {
  readonly spec: ToolSpec
  /** True: a successful result is the task's final answer. */
  readonly resultAsAnswer: boolean
  /** True: a call is one step. False: it is made of steps of its own (delegated work). */
  readonly isStep: boolean
  /** @throws what must not become a text for the model */
  call(call: AgentToolCall): Promise<ToolResult>
}

/** Tools of one agent by the name its model is told. */
export type Toolbox = ReadonlyMap<string, AgentTool>

/** @throws Error when two tools have the same name, or one has none */
export function createToolbox(tools: readonly AgentTool[]): Toolbox {
  const toolbox = new Map<string, AgentTool>()
  for (const tool of tools) {
    const { name } = tool.spec
    if (toolbox.has(name))
      throw new Error(`two of its tools are called ${name} when spelled for a model; rename one`)
    toolbox.set(name, tool)
  }
  return toolbox
}

/** @throws Error when a model cannot be told of the tool */
export function toAgentTool(tool: Tool): AgentTool {
  return {
    spec: toToolSpec(tool),
    resultAsAnswer: tool.resultAsAnswer,
    isStep: true,
    call: (call) => callTool(tool, call.arguments, call.signal),
  }
}

function toToolSpec({ name, description, parameters }: Tool): ToolSpec {
  const sanitized = sanitizeToolName(name)
  if (sanitized === '')
    throw new Error(`the tool ${name} needs a name with letters a to z or digits, for models`)
  try {
    return { name: sanitized, description, parameters: toolSchema(parameters) }
  } catch (cause) {
    throw new Error(
      `the parameters of the tool ${name} cannot be told to a model: ${messageOf(cause)}`,
      { cause },
    )
  }
}
