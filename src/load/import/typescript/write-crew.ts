import { AGENT, CREW, TASK } from '../../fields/fields.ts'
import type { Kind } from '../../fields/kind.ts'
import { type CrewSource, isMap, type Section, snakeCase } from '../../source.ts'
import { describeExample, type Example } from '../kickoff-examples.ts'
import { type Code, type Entry, literal, raw, template } from './code.ts'
import { inBraces } from './print-code.ts'

/** The one file of a crew in TypeScript. It has no word for what has no effect yet. */
export function crewFile(
  { settings, agents, tasks }: CrewSource,
  inputs: readonly Example[],
): string {
  const entries: readonly Entry[] = [
    ...entriesOf(settings, CREW),
    { name: 'agents', value: groupOf(agents.sections ?? [], AGENT) },
    { name: 'tasks', value: groupOf(tasks.sections ?? [], TASK) },
  ]
  return `import { defineCrew } from 'coxswain'

${describeInputs(inputs)}export default defineCrew(${inBraces(entries, 0)})
`
}

function groupOf(sections: readonly Section[], kind: Kind): Code {
  const entries = sections.map((section) => ({
    name: section.name,
    value: { kind: 'object', entries: entriesOf(section, kind) } as const,
  }))
  return { kind: 'object', entries }
}

function entriesOf({ fields }: Section, kind: Kind): readonly Entry[] {
  const names = new Map(kind.supported.map((name) => [snakeCase(name), name]))
  return (fields ?? []).flatMap(({ name: spelled, value }) => {
    const name = names.get(spelled)
    if (name === undefined) return []
    // To no other field it means more than that nothing is said.
    if (value === null) return name === 'context' ? [{ name, value: literal([]) }] : []
    if (name === 'inputs') return [{ name, value: inputsOf(value) }]
    const nested = kind.nested?.[name]
    return [
      { name, value: nested === undefined || !isMap(value) ? codeOf(value) : mapOf(value, nested) },
    ]
  })
}

/** What declares an input is spelled as the compiler wants it; a default is what it is. */
function inputsOf(value: unknown): Code {
  if (!isMap(value)) return literal(value)
  const entries = Object.entries(value).map(([input, one]) => {
    if (!isMap(one) || !Object.hasOwn(one, 'type')) return [input, one]
    const fields = Object.entries(one).map(([keyword, said]) => [camelCase(keyword), said])
    return [input, Object.fromEntries(fields)]
  })
  return literal(Object.fromEntries(entries))
}

function camelCase(keyword: string): string {
  return keyword.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function mapOf(value: Readonly<Record<string, unknown>>, kind: Kind): Code {
  const names = new Map(kind.supported.map((name) => [snakeCase(name), name]))
  const entries = Object.entries(value).flatMap(([spelled, inner]) => {
    const name = names.get(spelled)
    return name === undefined ? [] : [{ name, value: codeOf(inner) }]
  })
  return { kind: 'object', entries }
}

/** Prompts of several lines are written as they are read. */
function codeOf(value: unknown): Code {
  return typeof value === 'string' && value.trim().includes('\n')
    ? raw(template(value))
    : literal(value)
}

function describeInputs(inputs: readonly Example[]): string {
  if (inputs.length === 0) return ''
  const lines = inputs.map((input) => `// - ${describeExample(input)}\n`)
  return `// What a kickoff must bring:\n${lines.join('')}`
}
