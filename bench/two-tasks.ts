import type { CrewFiles } from '../test/harness/write-crews.ts'

/** What a run of two tasks is measured with. `size` tells the model how long its answers shall be. */
export const TWO_TASKS: CrewFiles = {
  'config/agents.yaml': `
researcher: { role: Researcher, goal: Find facts, backstory: You read a lot. }
writer: { role: Writer, goal: Write well, backstory: You write. }
`,
  'config/tasks.yaml': `
research_task: { description: 'Research {topic} {size}', expected_output: Notes, agent: researcher }
write_task: { description: 'Write about {topic} {size}', expected_output: 'A text of a page', agent: writer }
`,
}

export function inputsFor(outputChars: number): { topic: string; size: string } {
  return { topic: 'tides', size: `in ${outputChars} characters` }
}
