import type { Crew, Inputs, InputValue } from '../crew.ts'

/** What stands where a sensitive value is not told. */
const REDACTED = '***'

/** The inputs as they may be told, and those that may not; null: there are none. */
export function parted(
  crew: Crew,
  inputs: Inputs,
): { readonly told: Inputs; readonly secrets: Inputs | null } {
  const names = Object.entries(crew.inputDeclarations).flatMap(([name, { sensitive }]) =>
    sensitive && Object.hasOwn(inputs, name) && inputs[name] !== null ? [name] : [],
  )
  if (names.length === 0) return { told: inputs, secrets: null }
  const secrets = Object.fromEntries(names.map((name) => [name, inputs[name] ?? null]))
  const stars = Object.fromEntries(names.map((name) => [name, REDACTED]))
  return { told: { ...inputs, ...stars }, secrets }
}

export type Mask = (text: string) => string

/** A shorter text stands in many others, which would become unreadable, and is no secret. */
const MIN_MASKED_CHARACTERS = 4

/** Puts stars where a text has the value of one of the inputs, also as JSON and URLs write it. */
export function createMask(secrets: Inputs): Mask {
  const texts = new Set(Object.values(secrets).flatMap(textsIn).flatMap(spellings))
  const longestFirst = [...texts]
    .filter((text) => text.length >= MIN_MASKED_CHARACTERS)
    .sort((a, b) => b.length - a.length)
  return (text) =>
    longestFirst.reduce((masked, secret) => masked.replaceAll(secret, REDACTED), text)
}

/** True, false and null say nothing. */
function textsIn(value: InputValue): readonly string[] {
  if (typeof value === 'string') return [value, value.trim()]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return [JSON.stringify(value), ...Object.values(value).flatMap(textsIn)]
}

function spellings(text: string): readonly string[] {
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text.toWellFormed())]
}
