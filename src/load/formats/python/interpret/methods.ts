import type { At } from '../nodes.ts'
import { copyOf } from './externals.ts'
import { formatText, toText } from './format-text.ts'
import { itemsOf, iterate } from './iterate.ts'
import { joinTexts } from './join-texts.ts'
import { dict, isText, list, manyOf, scalar } from './make.ts'
import type { Dict, List, Scalar, Value } from './value.ts'
import type { Arguments } from './world.ts'

/** `self.name(…)` of a list, a map, a text and the like; null: not known. */
export function callMethod(self: Value, name: string, given: Arguments, at: At): Value | null {
  if (name === 'nothing') return scalar(null, at)
  if (self.kind === 'list') return listMethod(self, name, given, at)
  if (self.kind === 'dict') return dictMethod(self, name, given, at)
  if (isText(self)) return textMethod(self, name, given, at)
  if (self.kind === 'made' && (name === 'copy' || name === 'model_copy')) return copyOf(self)
  if (self.kind === 'env' && name === 'strip' && given.args.length === 0) return self
  return null
}

function listMethod(self: List, name: string, { args: [first] }: Arguments, at: At): Value | null {
  if (name === 'copy') return list(self.items, at)
  if (first === undefined) return null
  if (name === 'append') self.items.push(first)
  else if (name === 'extend' && first.kind === 'list') self.items.push(...first.items)
  else if (name === 'extend') self.items.push(manyOf(first))
  else return null
  return scalar(null, at)
}

function dictMethod(
  self: Dict,
  name: string,
  { args: [first, second] }: Arguments,
  at: At,
): Value | null {
  switch (name) {
    case 'get':
      return isText(first) ? (self.entries.get(first.value) ?? second ?? scalar(null, at)) : null
    case 'keys':
      return list(iterate(self) ?? [], at)
    case 'values':
      return list([...self.entries.values()], at)
    case 'items':
      return itemsOf(self)
    case 'copy':
      return dict(self.entries, at)
    case 'update':
      if (first?.kind !== 'dict') return null
      for (const [key, value] of first.entries) self.entries.set(key, value)
      return scalar(null, at)
    default:
      return null
  }
}

type Text = Scalar & { readonly value: string }

function textMethod(self: Text, name: string, given: Arguments, at: At): Value | null {
  const [first, second] = given.args
  const { value } = self
  if (name === 'format') return formatText(self, given)
  if (name === 'join') return first === undefined ? null : joined(self, first, at)
  if (given.args.length === 0) {
    const simple = SIMPLE.get(name)?.(value)
    return simple === undefined ? null : scalar(simple, at)
  }
  if (!isText(first)) return null
  switch (name) {
    case 'split':
      return list(
        value.split(first.value).map((part) => scalar(part, at)),
        at,
      )
    case 'replace':
      return isText(second)
        ? scalar(
            value.replaceAll(first.value, () => second.value),
            at,
          )
        : null
    case 'startswith':
      return scalar(value.startsWith(first.value), at)
    case 'endswith':
      return scalar(value.endsWith(first.value), at)
    default:
      return null
  }
}

const SIMPLE: ReadonlyMap<string, (text: string) => string> = new Map([
  ['strip', (text) => text.trim()],
  ['lstrip', (text) => text.trimStart()],
  ['rstrip', (text) => text.trimEnd()],
  ['lower', (text) => text.toLowerCase()],
  ['upper', (text) => text.toUpperCase()],
  // Of a path.
  ['resolve', (text) => text],
  ['absolute', (text) => text],
  ['as_posix', (text) => text],
])

function joined(separator: Text, value: Value, at: At): Value | null {
  const texts = iterate(value)?.map(toText)
  if (!texts?.every((text) => text !== null)) return null
  return joinTexts(
    texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text])),
    at,
  )
}
