import type { ToolSpec } from '../llm/model.ts'
import type { OnCrash, Tool, ToolCallRequest, ToolResult, UnknownOutcome } from './tool.ts'
import { sanitizeToolName } from './tool-name.ts'

interface AgentToolCall extends ToolCallRequest {
  /** Of the call, e.g. `research_task/1/tool/2.1`; work it consists of has keys below it. */
  readonly key: string
}

/** A tool as one agent has it. */
export interface AgentTool {
  readonly spec: ToolSpec
  /** True: a successful result is the task's final answer. */
  readonly resultAsAnswer: boolean
  /** True: a call is one step. False: it is made of steps of its own (delegated work). */
  readonly isStep: boolean
  readonly onCrash: OnCrash
  /** @throws what must not become a text for the model */
  call(call: AgentToolCall): Promise<ToolResult | UnknownOutcome>
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
  const { name, description, parameters, resultAsAnswer, onCrash } = tool
  const sanitized = sanitizeToolName(name)
  if (sanitized === '')
    throw new Error(`the tool ${name} needs a name with letters a to z or digits, for models`)
  return {
    spec: { name: sanitized, description, parameters: parameters.schema },
    resultAsAnswer,
    isStep: true,
    onCrash,
    call: (request) => tool.call(request),
  }
}
