import type { JsonSchema } from '../llm/model.ts'
import type { Agent } from './agent.ts'
import { type Crew, findAgent, type Inputs, type InputValue } from './crew.ts'

/**
 * What CrewAI substitutes (`utilities/string_utils.py`). Any other braces, such as those of a JSON sample in a prompt,
 * are text. A match never holds a brace, so that scanning takes linear time.
 */
const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_-]*)\}/g

/** Every `{placeholder}` of the crew once, in the order a reader of its tasks and then of its agents meets them. */
export function inputNames(crew: Crew): readonly string[] {
  return [...new Set(textsOf(crew).flatMap(placeholdersOf))]
}

/** The inputs a kickoff must bring: those without a default. */
export function requiredInputs(crew: Crew): readonly string[] {
  return inputNames(crew).filter((name) => !Object.hasOwn(crew.inputs, name))
}

/** The required inputs that `inputs` does not have. Null is a value. */
export function missingInputs(crew: Crew, inputs: Inputs): readonly string[] {
  return requiredInputs(crew).filter((name) => !Object.hasOwn(inputs, name))
}

/**
 * What `inputs` of a kickoff must look like, as JSON Schema (draft 2020-12). A value may have any type; inputs that
 * the crew does not use are allowed, as CrewAI ignores them.
 */
export function inputSchema(crew: Crew): JsonSchema {
  const properties = inputNames(crew).map((name) => [
    name,
    {
      title: titleOf(name),
      ...(Object.hasOwn(crew.inputs, name) && { default: crew.inputs[name] }),
    },
  ])
  return {
    // biome-ignore lint/style/useNamingConvention: JSON Schema's own keyword
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(properties),
    required: requiredInputs(crew),
    additionalProperties: true,
  }
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

function textsOf(crew: Crew): readonly string[] {
  const inTasks = crew.tasks.flatMap((task) => {
    const agent = task.agent === null ? undefined : findAgent(crew, task.agent)
    const own = [task.description, task.expectedOutput, task.outputFile ?? '']
    return agent === undefined ? own : [...own, ...agentTexts(agent)]
  })
  const agents = crew.managerAgent === null ? crew.agents : [...crew.agents, crew.managerAgent]
  return [...inTasks, ...agents.flatMap(agentTexts)]
}

function agentTexts(agent: Agent): readonly string[] {
  return [agent.role, agent.goal, agent.backstory]
}

function placeholdersOf(text: string): readonly string[] {
  return Array.from(text.matchAll(PLACEHOLDER), ([, name = '']) => name)
}

/** `customer_message` becomes `Customer message`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
