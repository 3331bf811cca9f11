import { isSecretName, secretsAmong, type Variables } from '../../crew/variables.ts'
import { isNoKey } from '../fields/llm/connection.ts'
import { variableIn } from '../fields/llm/variables.ts'
import { isMap } from '../source.ts'
import { isPlain } from '../values/deep-freeze.ts'

/** Takes secrets out of what is written. */
export interface Secrets {
  /** The same value with the name of a variable, `${NAME}`, in place of each secret. */
  hide(value: unknown, path: readonly string[]): unknown
  /** The same text without secrets, for a comment or a report. */
  hideIn(text: string): string
  /** The variables that have to be set, by name, and where the first secret of each stood. */
  readonly hidden: ReadonlyMap<string, readonly string[]>
}

/** Fields that are there to hold secrets. `max_tokens` is none. */
const SECRET_FIELD =
  /(^|[_-])((api|secret|access|private|subscription)[_-]?key|token|secret|password|passwd|authorization|cookie)$/i

/** How keys of well-known services look. */
const SHAPES =
  /\b(sk-[\w-]{16,}|gsk_\w{16,}|gh[opsu]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|hf_\w{20,}|pplx-\w{20,}|tvly-[\w-]{16,})/g
/** `api_key="…"` in an expression of Python's. */
const ASSIGNED = /\b(\w*(?:key|token|secret|password)\s*=\s*)(["'])(?:(?!\2).)*\2/gi

/** @param own what the project's `.env` says */
export function createSecrets(own: Variables): Secrets {
  const known = secretsAmong(own)
  const hidden = new Map<string, readonly string[]>()
  const stand = (name: string, path: readonly string[]) => {
    if (!hidden.has(name)) hidden.set(name, path)
    return `\${${name}}`
  }
  const hideText = (text: string, path: readonly string[]) => {
    const field = path.at(-1) ?? ''
    const found = known.find(([, value]) => value === text.trim())
    if (found !== undefined) return stand(found[0], path)
    if (SECRET_FIELD.test(field) && isSecret(text))
      return stand(variableIn(text)?.name ?? variableFor(path), path)
    const withoutKnown = known.reduce(
      (rest, [name, value]) => rest.replaceAll(value, () => stand(name, path)),
      text,
    )
    return withoutKnown.replaceAll(SHAPES, () => stand(variableFor(path), path))
  }
  const hide: Secrets['hide'] = (value, path) => {
    if (typeof value === 'string') return hideText(value, path)
    if (Array.isArray(value)) return value.map((item) => hide(item, path))
    if (!isMap(value) || !isPlain(value) || 'names' in value) return value
    const entries = Object.entries(value).map(([name, inner]) => [
      name,
      hide(inner, [...path, name]),
    ])
    return Object.fromEntries(entries)
  }
  return {
    hide,
    hidden,
    hideIn: (text) =>
      known
        .reduce((rest, [name, value]) => rest.replaceAll(value, `$${name}`), text)
        .replaceAll(ASSIGNED, '$1…')
        .replaceAll(SHAPES, '…'),
  }
}

/** A schema, with neither secrets in its texts nor defaults of what is one. */
export function hideInSchema(schema: unknown, secrets: Pick<Secrets, 'hideIn'>): unknown {
  if (typeof schema === 'string') return secrets.hideIn(schema)
  if (Array.isArray(schema)) return schema.map((item) => hideInSchema(item, secrets))
  if (!isMap(schema)) return schema
  const entries = Object.entries(schema).map(([name, inner]) => {
    if (!SECRET_FIELD.test(name) || !isMap(inner) || typeof inner['default'] !== 'string')
      return [name, hideInSchema(inner, secrets)]
    const { default: _, ...rest } = inner
    return [name, hideInSchema(rest, secrets)]
  })
  return Object.fromEntries(entries)
}

/** Whether the text is one, and no name of a variable, nor what people write where none is wanted. */
function isSecret(text: string): boolean {
  const value = text.trim()
  const variable = variableIn(value)
  if (variable !== null) return variable.byDefault !== '' && !isNoKey(variable.byDefault)
  return value !== '' && !isNoKey(value) && !value.includes('${')
}

/** `API_KEY` for a key in `llm.api_key`. */
function variableFor(path: readonly string[]): string {
  const name = (path.at(-1) ?? '').replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()
  const clean = name.replaceAll(/\W+/g, '_').replaceAll(/^[_\d]+|_+$/g, '')
  return isSecretName(clean) ? clean : `${clean}_KEY`.replace(/^_/, '')
}
