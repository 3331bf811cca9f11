import { AppError } from '../errors.ts'
import { AGENT_TEXTS, type Agent } from './agent.ts'
import type { Crew, Inputs, InputValue } from './crew.ts'
import type { Definition } from './definition.ts'
import type { InputDeclaration } from './inputs/declaration.ts'
import { TASK_TEXTS, type Task } from './task.ts'

/**
 * What CrewAI substitutes (`utilities/string_utils.py`). Any other braces, such as those of a JSON sample in a prompt,
 * are text. A match never holds a brace, so that scanning takes linear time.
 */
const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_-]*)\}/g

/**
 * How often each `{placeholder}` stands in a crew, in the order a reader of its tasks and then of its agents meets them;
 * after them what is declared and in no text.
 */
type Placeholders = ReadonlyMap<string, number>

/** Looked for once: a crew never changes, and every kickoff asks. */
const found = new WeakMap<Definition, Placeholders>()

function placeholdersOf(crew: Definition): Placeholders {
  const known = found.get(crew)
  if (known !== undefined) return known
  const counts = new Map<string, number>()
  for (const text of textsOf(crew))
    for (const [, name = ''] of text.matchAll(PLACEHOLDER))
      counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const name of Object.keys(crew.inputDeclarations)) counts.set(name, counts.get(name) ?? 0)
  found.set(crew, counts)
  return counts
}

/** Every `{placeholder}` of the crew once, and what else it declares. */
export function inputNames(crew: Definition): readonly string[] {
  return [...placeholdersOf(crew).keys()]
}

/** Whether `{name}` can stand in a text for an input. */
export function isPlaceholder(name: string): boolean {
  return `{${name}}`.replace(PLACEHOLDER, '') === ''
}

/** Whether a text of the crew has the `{placeholder}`. */
export function isInTexts(crew: Definition, input: string): boolean {
  return (placeholdersOf(crew).get(input) ?? 0) > 0
}

/** Of all texts of a crew, filled in: an input that stands in many of them is as large as often. */
const MAX_FILLED_CHARACTERS = 16_000_000

/** @throws AppError `validation_failed` when the texts of the crew would become too long with these inputs */
export function refuseLongInputs(crew: Definition, inputs: Inputs): void {
  const characters = placeholdersOf(crew)
    .entries()
    .reduce((sum, [name, count]) => sum + count * renderValue(inputs[name] ?? null).length, 0)
  if (characters <= MAX_FILLED_CHARACTERS) return
  const message = `would make the texts of the crew ${characters} characters long, and they may have ${MAX_FILLED_CHARACTERS}`
  const fields = [{ field: 'inputs', message }]
  throw new AppError('validation_failed', { reason: `inputs: ${message}`, fields })
}

/** What the crew says of the values of an input; undefined: nothing. */
export function declarationOf(
  { inputDeclarations }: Definition,
  input: string,
): InputDeclaration | undefined {
  return Object.hasOwn(inputDeclarations, input) ? inputDeclarations[input] : undefined
}

export function hasDefault({ inputs }: Definition, input: string): boolean {
  return Object.hasOwn(inputs, input)
}

/** The inputs a kickoff must bring: those without a default. */
export function requiredInputs(crew: Definition): readonly string[] {
  return inputNames(crew).filter((name) => !hasDefault(crew, name))
}

/** The required inputs that `inputs` does not have. Null is a value. */
export function missingInputs(crew: Crew, inputs: Inputs): readonly string[] {
  return requiredInputs(crew).filter((name) => !Object.hasOwn(inputs, name))
}

/** Every name under which a kickoff may give an input, its own first. */
export function namesOf({ inputAliases }: Definition, input: string): readonly string[] {
  return [input, ...(Object.hasOwn(inputAliases, input) ? (inputAliases[input] ?? []) : [])]
}

/**
 * Puts the inputs into a text, in one pass: a placeholder inside a value stays text, so that whoever gives a value
 * cannot reach the other inputs. Placeholders without an input stay too; a kickoff with missing inputs is refused
 * long before.
 */
export function interpolate(text: string, inputs: Inputs): string {
  return text.replace(PLACEHOLDER, (placeholder, name: string) => {
    const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined
    return value === undefined ? placeholder : renderValue(value)
  })
}

/**
 * CrewAI writes Python: `None`, `True`, `{'a': 1}`. Models read JSON as well, and people who call over HTTP sent
 * JSON. Null becomes nothing, because it says that there is no value: `Notes: ` reads better to a model than the
 * word `None`, which it may take for an answer.
 */
function renderValue(value: InputValue): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Of a value where a text is shown to people. */
const MAX_SHOWN_CHARACTERS = 1_000

/** The inputs with every long value cut, to show texts with: a status is asked for often, and inputs may be files. */
export function shortenInputs(inputs: Inputs): Inputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      const text = renderValue(value)
      const isShort = text.length <= MAX_SHOWN_CHARACTERS
      return [name, isShort ? value : `${text.slice(0, MAX_SHOWN_CHARACTERS).toWellFormed()}…`]
    }),
  )
}

function textsOf(crew: Definition): readonly string[] {
  const inTasks = crew.tasks.flatMap((task) => {
    const agent = crew.agents.find(({ key }) => key === task.agent)
    const own = TASK_TEXTS.map((field) => task[field] ?? '')
    return agent === undefined ? own : [...own, ...agentTexts(agent)]
  })
  const agents = crew.managerAgent === null ? crew.agents : [...crew.agents, crew.managerAgent]
  return [...inTasks, ...agents.flatMap(agentTexts)]
}

function agentTexts(agent: Pick<Agent, (typeof AGENT_TEXTS)[number]>): readonly string[] {
  return AGENT_TEXTS.map((field) => agent[field])
}

/** The crew with the inputs in all of its texts. */
export function fillIn(crew: Crew, inputs: Inputs): Crew {
  const fill = <T extends Agent | Task>(one: T, fields: readonly (keyof T)[]): T => ({
    ...one,
    ...Object.fromEntries(
      fields.map((field) => {
        const text = one[field]
        return [field, typeof text === 'string' ? interpolate(text, inputs) : text]
      }),
    ),
  })
  const { managerAgent } = crew
  return {
    ...crew,
    agents: crew.agents.map((agent) => fill(agent, AGENT_TEXTS)),
    managerAgent: managerAgent && fill(managerAgent, AGENT_TEXTS),
    tasks: crew.tasks.map((task) => fill(task, TASK_TEXTS)),
  }
}
