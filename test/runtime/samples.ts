import { z } from 'zod'
import { type Agent, newAgent } from '../../src/crew/agent.ts'
import { type Crew, newCrew } from '../../src/crew/crew.ts'
import { newTask, type Task } from '../../src/crew/task.ts'
import { defineTool, type ToolDefinition } from '../../src/tools/define-tool.ts'

/** Small parts to make crews of; a test names only what it is about. */

export function agent(key: string, parts: Partial<Agent> = {}): Agent {
  const backstory = `You have always been a ${key}.`
  return newAgent({ key, role: key, goal: `Be a good ${key}`, backstory, ...parts })
}

export function task(name: string, parts: Partial<Task> = {}): Task {
  const texts = { description: `Do ${name}`, expectedOutput: `A good ${name}` }
  return newTask({ name, ...texts, agent: 'writer', ...parts })
}

export function crew(parts: Partial<Crew> = {}): Crew {
  return newCrew({ name: 'press', agents: [agent('writer')], tasks: [task('write')], ...parts })
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
