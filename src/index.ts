/**
 * The public door, for crew files and their tests.
 *
 * Crew: agents and the tasks they do. Agent: a role with a model and tools. Task: a description and what is expected.
 * Tool: what an agent can call. Run: one execution of a crew with inputs.
 */
export type { Crew, Inputs, InputValue, Process } from './crew/crew.ts'
export {
  type AgentDefinition,
  type CrewDefinition,
  defineCrew,
  type LlmDefinition,
  type TaskDefinition,
} from './crew/define-crew.ts'
export type { CrewOutput, TaskOutput } from './crew/output.ts'
export { type ScriptedModel, scriptedModel } from './llm/scripted.ts'
export type { ScriptedReply, ScriptedStep } from './llm/scripted-step.ts'
export { type LoadedCrew, loadCrew } from './load/load-crew.ts'
export { type PlainHostOptions, plainHost } from './runtime/plain-host.ts'
export { runCrew } from './runtime/run-crew.ts'
export { defineTool, type Tool, type ToolContext, type ToolDefinition } from './tools/tool.ts'
