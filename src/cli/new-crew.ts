/** What a new crew is made of. */
export interface NewCrew {
  readonly name: string
  /** What it is for, in words of whoever makes it. */
  readonly purpose: string
  /** Name of its input. */
  readonly input: string
  readonly format: NewFormat
}

export const NEW_FORMATS = ['yaml', 'typescript'] as const
export type NewFormat = (typeof NEW_FORMATS)[number]

/** The files of a crew that can be run and changed from there, by their path in its folder. */
export function newCrewFiles(crew: NewCrew): Readonly<Record<string, string>> {
  const { format } = crew
  if (format === 'typescript') return { 'crew.ts': typescriptOf(crew) }
  return {
    'crew.yaml': settingsOf(crew),
    'config/agents.yaml': agentsOf(crew),
    'config/tasks.yaml': tasksOf(crew),
  }
}

/** Braces would be inputs. */
function plain({ purpose }: NewCrew): string {
  return purpose.replaceAll('{', '(').replaceAll('}', ')')
}

/** A text in double quotes, as YAML and JavaScript both read it. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

function settingsOf(crew: NewCrew): string {
  return `description: ${quoted(crew.purpose)}

# What a kickoff must bring. docs/inputs.md has all that can be said of an input.
inputs:
  ${crew.input}:
    type: string
    description: What the crew works on
    min_length: 1
`
}

function agentsOf(crew: NewCrew): string {
  return `researcher:
  role: Researcher
  goal: ${quoted(`Find out what has to be known about {${crew.input}}, for this purpose: ${plain(crew)}`)}
  backstory: >
    You collect facts before others write about them. You tell what is certain from what is only likely, and say so
    when you do not know.

writer:
  role: Writer
  goal: ${quoted(`Come to the result that is wanted: ${plain(crew)}`)}
  backstory: >
    You write for people who have little time: the most important thing comes first, and nothing is in it that is not
    in your notes.
`
}

function tasksOf({ input }: NewCrew): string {
  return `research_task:
  description: >
    Collect what has to be known about {${input}}. Mark each point as certain or likely, and list what remains open.
  expected_output: >
    Notes in Markdown, five to ten bullet points.
  agent: researcher

write_task:
  description: >
    Write the result about {${input}} from the notes of the researcher alone.
  expected_output: >
    A text in Markdown with a title, of 200 to 400 words.
  agent: writer
  # human_input: true     # a person reviews the text before the run ends
`
}

function typescriptOf(crew: NewCrew): string {
  const { purpose, input } = crew
  return `import { defineCrew } from 'coxswain'
import { z } from 'zod'

export default defineCrew({
  description: ${quoted(purpose)},
  // What a kickoff must bring. docs/inputs.md has all that can be said of an input.
  inputs: {
    ${input}: z.string().min(1).describe('What the crew works on'),
  },
  agents: {
    researcher: {
      role: 'Researcher',
      goal: ${quoted(`Find out what has to be known about {${input}}, for this purpose: ${plain(crew)}`)},
      backstory:
        'You collect facts before others write about them. You tell what is certain from what is only likely, and say so when you do not know.',
    },
    writer: {
      role: 'Writer',
      goal: ${quoted(`Come to the result that is wanted: ${plain(crew)}`)},
      backstory:
        'You write for people who have little time: the most important thing comes first, and nothing is in it that is not in your notes.',
    },
  },
  tasks: {
    research_task: {
      description:
        'Collect what has to be known about {${input}}. Mark each point as certain or likely, and list what remains open.',
      expectedOutput: 'Notes in Markdown, five to ten bullet points.',
      agent: 'researcher',
    },
    write_task: {
      description: 'Write the result about {${input}} from the notes of the researcher alone.',
      expectedOutput: 'A text in Markdown with a title, of 200 to 400 words.',
      agent: 'writer',
      // humanInput: true, // a person reviews the text before the run ends
    },
  },
})
`
}
