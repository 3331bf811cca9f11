/** A piece of TypeScript, as far as crews and tools are made of it. */
export type Code =
  /** As it is, e.g. a number, a name, a template literal. */
  | { readonly kind: 'raw'; readonly text: string }
  /** A text in quotes. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly Code[] }
  | { readonly kind: 'object'; readonly entries: readonly Entry[] }
  /** `z.string().min(1)`: calls on a name, one after the other. */
  | { readonly kind: 'chain'; readonly head: string; readonly calls: readonly Call[] }

export interface Entry {
  readonly name: string
  readonly value: Code
}

export interface Call {
  readonly name: string
  readonly args: readonly Code[]
}

export function raw(text: string): Code {
  return { kind: 'raw', text }
}

/** `z.<name>(…args)` */
export function zod(name: string, ...args: readonly Code[]): Code {
  return { kind: 'chain', head: 'z', calls: [{ name, args }] }
}

/** With one more call on it. */
export function called(code: Code, name: string, ...args: readonly Code[]): Code {
  return code.kind === 'chain'
    ? { ...code, calls: [...code.calls, { name, args }] }
    : { kind: 'chain', head: code.kind === 'raw' ? code.text : '', calls: [{ name, args }] }
}

/** A JSON value. A text of several lines stays in one, with `\n` in it. */
export function literal(value: unknown): Code {
  if (typeof value === 'string') return { kind: 'text', text: value }
  if (Array.isArray(value)) return { kind: 'array', items: value.map(literal) }
  if (typeof value === 'object' && value !== null)
    return {
      kind: 'object',
      entries: Object.entries(value).map(([name, inner]) => ({ name, value: literal(inner) })),
    }
  return raw(String(value).replace('e+', 'e'))
}

/** A text in quotes: single ones, unless the others need fewer escapes. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    // What ends a line to JavaScript, or cannot be seen.
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFEFF]/gu, escapeCharacter)
  const singles = text.split("'").length
  const doubles = text.split('"').length
  return singles > doubles
    ? `"${escaped.replaceAll('"', '\\"')}"`
    : `'${escaped.replaceAll("'", "\\'")}'`
}

/** Joiners make one emoji of several, and stay. */
function escapeCharacter(character: string): string {
  if (character === '\u200D') return character
  const code = character.codePointAt(0) ?? 0
  return code > 0xff_ff ? character : `\\u${code.toString(16).padStart(4, '0')}`
}

/** A text of several lines as a template literal, so that it reads as a prompt does. */
export function template(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('`', '\\`')
    .replaceAll('${', '\\${')
    // A line break of another system would become one of ours.
    .replaceAll(/(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF]/gu, escapeCharacter)
  return `\`${escaped}\``
}

/** A name before a colon. */
export function keyOf(name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) ? name : quote(name)
}
