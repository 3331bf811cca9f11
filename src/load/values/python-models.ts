import type { LoadedCode } from '../../workers/crew-code.ts'
import type { PythonReference } from '../../workers/python/reference.ts'
import { isPythonValue, type PythonLlm } from '../../workers/python/values.ts'
import type { Report } from '../problem.ts'
import { type CrewSource, type Field, isMap, type Notation, type Section } from '../source.ts'
import type { PythonCode } from './python-tools.ts'
import { isPythonReference } from './python-value.ts'

/** Fields that are models. */
const LLM_FIELDS = ['llm', 'manager_llm', 'managerLlm']

/**
 * The crew with every model that only Python can tell as what Python tells of it: the server asks it itself.
 *
 * @param python null: nothing runs it, and they stay what they are
 */
export async function withPythonModels(
  source: CrewSource,
  python: Pick<PythonCode, 'load'> | null,
  report: Report,
): Promise<CrewSource> {
  const sections = [source.settings, ...(source.agents.sections ?? [])]
  const fields = sections.flatMap((section) => section.fields?.filter(isPythonModel) ?? [])
  const references = fields.flatMap(({ value }) => referencesIn(value))
  const unique = new Map(references.map((reference) => [reference.key, reference]))
  if (python === null || unique.size === 0) return source
  const loaded = await python.load([...unique.values()])
  const byKey = new Map(loaded.map((one) => [one.key, one]))
  const told = (field: Field): readonly Field[] => {
    if (!isPythonModel(field)) return [field]
    if (!isPythonReference(field.value))
      return [{ ...field, value: toldFields(field.value, byKey) }]
    const value = toldModel(field, byKey.get(field.value.key), {
      report,
      notation: source.notation,
    })
    return value === null ? [] : [{ ...field, value }]
  }
  const inSection = (section: Section): Section => ({
    ...section,
    fields: section.fields?.flatMap(told) ?? null,
  })
  const agents = source.agents.sections?.map(inSection) ?? null
  return {
    ...source,
    settings: inSection(source.settings),
    agents: { ...source.agents, sections: agents },
  }
}

function isPythonModel({ name, value }: Field): boolean {
  return LLM_FIELDS.includes(name) && referencesIn(value).length > 0
}

/** The model itself, or what is said of it. */
function referencesIn(value: unknown): readonly PythonReference[] {
  if (isPythonReference(value)) return [value]
  return isMap(value) ? Object.values(value).filter(isPythonReference) : []
}

/** A text or a number takes the place of its reference; anything else is left to be told of. */
function toldFields(value: unknown, byKey: ReadonlyMap<string, LoadedCode>): unknown {
  if (!isMap(value)) return value
  const entries = Object.entries(value).map(([name, inner]) => {
    const loaded = isPythonReference(inner) ? byKey.get(inner.key) : undefined
    const isPlain = loaded !== undefined && 'value' in loaded && typeof loaded.value !== 'object'
    return [name, isPlain ? loaded.value : inner] as const
  })
  return Object.fromEntries(entries)
}

/** Null: it is none, which is reported. */
function toldModel(
  { place, value: reference }: Field,
  loaded: LoadedCode | undefined,
  { report, notation }: { readonly report: Report; readonly notation: Notation },
): unknown {
  const expr = isPythonReference(reference) ? reference.expr : ''
  if (loaded === undefined || 'error' in loaded) {
    report.add('code-broken', place, `cannot be loaded: ${loaded?.error ?? 'Python did not tell'}`)
    return null
  }
  const { value } = loaded
  if (typeof value === 'string' || value === null) return value
  if (isPythonValue(value) && value.kind === 'llm') {
    if (hasLiteralKey(value)) report.add('secret-ignored', place, `\`${expr}\` ${LITERAL_KEY}`)
    return fieldsOf(value, notation)
  }
  report.add(
    'python-needed',
    place,
    isPythonValue(value) && value.kind === 'custom_llm'
      ? `\`${expr}\` is a model with a \`call\` of its own, which is not called here yet; write the name of a model`
      : `\`${expr}\` is no model in Python; write the name of a model`,
  )
  return null
}

const LITERAL_KEY =
  "has a key that no variable holds, which is not used; put it into the project's .env, and read it from there"

function hasLiteralKey({ hasApiKey, apiKeyVariable }: PythonLlm): boolean {
  return hasApiKey && apiKeyVariable === null
}

/** LiteLLM's names have the provider in front; CrewAI's own classes know it. */
const LITELLM = 'crewai.llm.LLM'

/** As a file would have it. A key that no variable holds stays where it is. */
function fieldsOf({ className, model, provider, baseUrl, ...llm }: PythonLlm, { spell }: Notation) {
  const { region, ...parameters } = llm.parameters
  return {
    model,
    ...(className !== LITELLM && provider !== null && { provider }),
    ...(baseUrl !== null && { [spell('baseUrl')]: baseUrl }),
    ...(llm.apiKeyVariable !== null && { [spell('apiKeyEnv')]: llm.apiKeyVariable }),
    ...(typeof region === 'string' && { [spell('regionName')]: region }),
    ...parameters,
  }
}
