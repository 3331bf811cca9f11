import type { JsonSchema } from '../../llm/model.ts'
import type { Definition } from '../definition.ts'
import { declarationOf, hasDefault, inputNames, namesOf, requiredInputs } from '../inputs.ts'

/**
 * What `inputs` of a kickoff must look like, as JSON Schema (draft 2020-12). A value of an input that the crew does not
 * declare may have any type; inputs that the crew does not use are allowed, as CrewAI ignores them.
 */
export function inputSchema(crew: Definition): JsonSchema {
  const properties = inputNames(crew).map((name) => [name, propertyOf(crew, name)])
  return {
    // biome-ignore lint/style/useNamingConvention: JSON Schema's own keyword
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(properties),
    required: requiredInputs(crew),
    additionalProperties: true,
  }
}

function propertyOf(crew: Definition, name: string): JsonSchema {
  const declaration = declarationOf(crew, name)
  const aliases = namesOf(crew, name).slice(1)
  const description = [
    ...(declaration?.schema.description === undefined ? [] : [declaration.schema.description]),
    ...(aliases.length > 0 ? [`May also be given as ${aliases.join(', ')}.`] : []),
  ].join(' ')
  const byDefault = hasDefault(crew, name) ? crew.inputs[name] : undefined
  // Of what is declared it says that the input may be left out, and it is no value of its type.
  const isTold = byDefault !== undefined && !(byDefault === null && declaration !== undefined)
  return {
    title: titleOf(name),
    ...declaration?.schema,
    ...(isTold && { default: byDefault }),
    ...(description !== '' && { description }),
    ...(declaration?.sensitive === true && { writeOnly: true, 'x-sensitive': true }),
    ...(aliases.length > 0 && { 'x-aliases': aliases }),
  }
}

/** `customer_message` becomes `Customer message`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
