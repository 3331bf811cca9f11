import { Document, isMap, isPair, isScalar, parse, Scalar, stringify, visit } from 'yaml'

/** Longer texts stand below their key. */
const MAX_IN_LINE = 80

/** A map as YAML that every parser reads back as it is: ours, and PyYAML, to which `yes` is no text. */
export function toYaml(value: Readonly<Record<string, unknown>>): string {
  const document = new Document(value, {
    compat: 'yaml-1.1',
    version: '1.2',
    aliasDuplicateObjects: false,
  })
  visit(document, {
    Scalar: (key, scalar) => {
      if (typeof scalar.value === 'string')
        scalar.type = key === 'key' ? keyStyle(scalar.value) : styleOf(scalar.value)
    },
  })
  const { contents } = document
  // Whoever reads sees where the next one starts.
  if (isMap(contents))
    for (const pair of contents.items.slice(1)) {
      const hasFields = isPair(pair) && isMap(pair.value)
      if (hasFields && isScalar(pair.key)) pair.key.spaceBefore = true
    }
  return document.toString({ lineWidth: 100, minContentWidth: 20 })
}

function keyStyle(text: string): Scalar.Type {
  return text.length > MAX_IN_LINE || /\n/.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.PLAIN
}

/** The first of the styles that reads well and gives back the same text. */
function styleOf(text: string): Scalar.Type {
  const wanted = wantedStyle(text)
  if (wanted === Scalar.QUOTE_DOUBLE) return wanted
  return isKept(text, wanted) ? wanted : Scalar.QUOTE_DOUBLE
}

function wantedStyle(text: string): Scalar.Type {
  // To PyYAML it is no text.
  if (text === '=') return Scalar.QUOTE_DOUBLE
  // What YAML changes or refuses outside of double quotes.
  if (/[^\P{C}\n\u200D]|[\u2028\u2029\uFEFF]/u.test(text)) return Scalar.QUOTE_DOUBLE
  if (text.includes('\n')) return text.trim() === '' ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL
  return text.length > MAX_IN_LINE ? Scalar.BLOCK_FOLDED : Scalar.PLAIN
}

function isKept(text: string, style: Scalar.Type): boolean {
  const scalar = new Scalar(text)
  scalar.type = style
  try {
    const written = stringify({ a: { b: scalar } }, { lineWidth: 100 })
    return parse(written).a.b === text
  } catch {
    return false
  }
}
