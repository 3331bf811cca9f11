/**
 * The public door, for crew files and their tests.
 *
 * Crew: agents and the tasks they do. Agent: a role with a model and tools. Task: a description and what is expected.
 * Tool: what an agent can call. Run: one execution of a crew with inputs.
 */
import type { LoadCrewOptions } from './load/load-crew.ts'
import type { LoadedCrew } from './load/load-folder.ts'

export type { Crew, Inputs, InputValue, Process } from './crew/crew.ts'
export {
  type AgentDefinition,
  type CrewDefinition,
  defineCrew,
  type InputDefinition,
  type LlmDefinition,
  type TaskDefinition,
} from './crew/define-crew.ts'
export type { CrewOutput, TaskOutput } from './crew/output.ts'
export { type ScriptedModel, scriptedModel } from './llm/scripted.ts'
export type { ScriptedReply, ScriptedStep } from './llm/scripted-step.ts'
export { type PlainHostOptions, plainHost } from './runtime/plain-host.ts'
export { runCrew } from './runtime/run-crew.ts'
export { defineTool, type ToolDefinition } from './tools/define-tool.ts'
export type { DefinedTool, OnCrash, Tool, ToolContext, ToolResult } from './tools/tool.ts'
export { toolContext } from './tools/tool-context.ts'
export type { LoadCrewOptions, LoadedCrew }

/**
 * Loads one crew from its folder, in whichever format it is written, and checks all of it. Its code runs in a process of
 * its own, which keeps no other from ending.
 */
export async function loadCrew(dir: string, options: LoadCrewOptions = {}): Promise<LoadedCrew> {
  // Crew files import from here as well, and are read by none of this.
  const load = await import('./load/load-crew.ts')
  return load.loadCrew(dir, options)
}
