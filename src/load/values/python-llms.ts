import type { LoadedCode } from '../../workers/crew-code.ts'
import type { PythonReference } from '../../workers/python/reference.ts'
import { isPythonValue, type PythonLlm } from '../../workers/python/values.ts'
import type { Report } from '../problem.ts'
import {
  type CrewSource,
  describeValue,
  type Field,
  type Notation,
  type Section,
} from '../source.ts'
import type { PythonCode } from './python-tools.ts'
import { isPythonReference } from './python-value.ts'

const LLM_FIELDS = ['llm', 'managerLlm']

interface Telling {
  /** Null: nothing runs Python, which the fields that need it say themselves. */
  readonly python: PythonCode | null
  readonly report: Report
}

/**
 * The crew with its language models that only Python can make, such as `llm=make_llm()`, told as a file would tell them.
 * Python makes them once and is not asked by runs: the server calls the model.
 */
export async function withPythonLlms(
  source: CrewSource,
  { python, report }: Telling,
): Promise<CrewSource> {
  const names = LLM_FIELDS.map((name) => source.notation.spell(name))
  const isMade = ({ name, value }: Field) => names.includes(name) && isPythonReference(value)
  const references = sectionsOf(source)
    .flatMap(({ fields }) => (fields ?? []).filter(isMade))
    .map(({ value }) => value as PythonReference)
  if (python === null || references.length === 0) return source
  const unique = new Map(references.map((reference) => [reference.key, reference]))
  const loaded = await python.load([...unique.values()])
  const byKey = new Map(loaded.map((one) => [one.key, one]))

  const inField = (field: Field): Field => {
    if (!isMade(field)) return field
    const reference = field.value as PythonReference
    const telling = { field, notation: source.notation, report }
    return { ...field, value: toldBy(byKey.get(reference.key), reference, telling) }
  }
  const inSection = (section: Section): Section => ({
    ...section,
    fields: section.fields?.map(inField) ?? null,
  })
  const { settings, agents, tasks } = source
  return {
    ...source,
    settings: inSection(settings),
    agents: { ...agents, sections: agents.sections?.map(inSection) ?? null },
    tasks: { ...tasks, sections: tasks.sections?.map(inSection) ?? null },
  }
}

interface FieldTelling {
  readonly field: Field
  readonly notation: Notation
  readonly report: Report
}

function sectionsOf({ settings, agents, tasks }: CrewSource): readonly Section[] {
  return [settings, ...(agents.sections ?? []), ...(tasks.sections ?? [])]
}

/** Null: it is not set, or something is wrong with it, which is reported. */
function toldBy(
  loaded: LoadedCode | undefined,
  { expr }: PythonReference,
  { field: { place }, notation, report }: FieldTelling,
): unknown {
  if (loaded === undefined || 'error' in loaded) {
    report.add('code-broken', place, `cannot be loaded: ${loaded?.error ?? 'it was not told'}`)
    return null
  }
  const { value } = loaded
  if (value === null || typeof value === 'string') return value
  if (!isPythonValue(value) || (value.kind !== 'llm' && value.kind !== 'custom_llm')) {
    const found = isPythonValue(value) ? `a ${value.kind} of Python` : describeValue(value)
    report.add('code-broken', place, `\`${expr}\` must be a language model, but is ${found}`)
    return null
  }
  const problem = problemOf(value)
  if (problem === null) return toFields(value, notation)
  report.add('python-needed', place, `\`${expr}\` ${problem}`)
  return null
}

function problemOf({ kind, className, apiKeyVariable, hasApiKey }: PythonLlm): string | null {
  if (kind === 'custom_llm')
    return `makes a ${className}, whose answers come from a \`call\` of its own, which is not made here yet; name the model that it asks`
  return hasApiKey && apiKeyVariable === null
    ? `has a key that no variable holds; put it into the project's .env, and read it from there`
    : null
}

function toFields(
  { model, provider, baseUrl, apiKeyVariable, parameters }: PythonLlm,
  { spell }: Notation,
) {
  return {
    ...parameters,
    model,
    ...(provider !== null && { provider }),
    ...(baseUrl !== null && { [spell('baseUrl')]: baseUrl }),
    ...(apiKeyVariable !== null && { [spell('apiKey')]: { env: apiKeyVariable } }),
  }
}
