import { z } from 'zod'
import type { Agent } from '../../src/crew/agent.ts'
import type { Crew } from '../../src/crew/crew.ts'
import type { Task } from '../../src/crew/task.ts'
import { defineTool, type ToolDefinition } from '../../src/tools/tool.ts'

/** Small parts to make crews of; a test names only what it is about. */

export function agent(key: string, parts: Partial<Agent> = {}): Agent {
  return {
    key,
    role: key,
    goal: `Be a good ${key}`,
    backstory: `You have always been a ${key}.`,
    llm: null,
    llmParameters: {},
    tools: [],
    maxIter: 25,
    allowDelegation: false,
    ...parts,
  }
}

export function task(name: string, parts: Partial<Task> = {}): Task {
  return {
    name,
    description: `Do ${name}`,
    expectedOutput: `A good ${name}`,
    agent: 'writer',
    context: null,
    tools: [],
    humanInput: false,
    outputFile: null,
    ...parts,
  }
}

export function crew(parts: Partial<Crew> = {}): Crew {
  return {
    name: 'press',
    description: null,
    agents: [agent('writer')],
    tasks: [task('write')],
    process: 'sequential',
    managerLlm: null,
    managerAgent: null,
    inputs: {},
    ...parts,
  }
}

const lookupParameters = z.object({ word: z.string() })
type Lookup = ToolDefinition<typeof lookupParameters>

/** A tool `look_up` with one parameter, `word`. */
export function lookup(execute: Lookup['execute'], parts: Partial<Lookup> = {}) {
  return defineTool({
    name: 'Look Up',
    description: 'Finds out what a word means.',
    parameters: lookupParameters,
    execute,
    ...parts,
  })
}
