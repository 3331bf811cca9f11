import { atOf, type Node } from '../../nodes.ts'
import { sourceHole } from '../expressions/source-hole.ts'
import type { Arguments, World } from '../world.ts'
import { joinTexts } from './join-texts.ts'
import { isText, scalar, untold } from './make.ts'
import type { Frame, Scalar, Value } from './value.ts'

/** An f-string. */
export function formatParts(node: Node<'JoinedStr'>, frame: Frame, world: World): Value {
  const at = atOf(node, frame.module.syntax)
  const parts: Value[] = []
  for (const part of node.values) {
    if (part.nodeType === 'Constant') {
      parts.push(scalar(String(part.value), atOf(part, frame.module.syntax)))
      continue
    }
    if (
      part.nodeType !== 'FormattedValue' ||
      part.format_spec !== undefined ||
      part.conversion !== -1
    )
      return sourceHole(node, frame, world)
    const value = world.evaluate(part.value, frame)
    if (value.kind === 'untold') return value
    const text = toText(value)
    if (text === null) return sourceHole(node, frame, world)
    parts.push(text)
  }
  return joinTexts(parts, at)
}

/** `str(value)` as far as it is known; null: it is not. */
export function toText(value: Value): Value | null {
  if (value.kind === 'env' || value.kind === 'parts') return value
  return value.kind === 'scalar' ? scalar(printed(value), value.at) : null
}

function printed({ value }: Scalar): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}

/** `text.format(…)`; null: not known. */
export function formatText(
  text: Scalar & { readonly value: string },
  given: Arguments,
): Value | null {
  const parts: Value[] = []
  let position = 0
  for (const [piece, name] of text.value.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    if (name === undefined) {
      parts.push(scalar(piece === '{{' || piece === '}}' ? piece.charAt(0) : piece, text.at))
      continue
    }
    const part = filled(name === '' ? String(position++) : name, given, text.at)
    if (part === null || part.kind === 'untold') return part
    parts.push(part)
  }
  return joinTexts(parts, text.at)
}

/** With conversions, attributes and widths it is Python's business. */
function filled(name: string, { args, keywords }: Arguments, at: Value['at']): Value | null {
  if (!/^\w+$/.test(name)) return null
  const value = /^\d+$/.test(name) ? args[Number(name)] : keywords.get(name)?.value
  if (value === undefined) return untold(`has {${name}}, for which format() is given nothing`, at)
  return value.kind === 'untold' ? value : toText(value)
}

/** `text % values`; null: not known. */
export function percentText(text: Value, values: Value): Value | null {
  if (!isText(text) || /%[^sd%]/.test(text.value)) return null
  const given = values.kind === 'list' && values.isTuple ? [...values.items] : [values]
  const pieces = text.value.split(/(%[sd%])/)
  const parts = pieces.map((piece) => {
    if (piece === '%%') return scalar('%', text.at)
    if (!/^%[sd]$/.test(piece)) return scalar(piece, text.at)
    const value = given.shift()
    return value === undefined ? null : toText(value)
  })
  return parts.every((part) => part !== null) ? joinTexts(parts, text.at) : null
}
