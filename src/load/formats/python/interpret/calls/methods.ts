import { posix } from 'node:path'
import type { At } from '../../nodes.ts'
import { formatText, toText } from '../values/format-text.ts'
import { iterate } from '../values/iterate.ts'
import { joinTexts } from '../values/join-texts.ts'
import { isText, list, scalar } from '../values/make.ts'
import type { Made, Scalar, Value } from '../values/value.ts'
import type { Arguments, World } from '../world.ts'
import { dictMethod, listMethod } from './container-methods.ts'
import { copyOf } from './externals.ts'
import { contentOf, isOpened, opened } from './files.ts'

interface Calling {
  readonly at: At
  readonly world: World
}

/** `self.name(…)` of a list, a map, a text and the like; null: not known. */
export function callMethod(
  self: Value,
  name: string,
  given: Arguments,
  calling: Calling,
): Value | null {
  const { at } = calling
  switch (self.kind) {
    case 'list':
      return name === 'nothing' ? scalar(null, at) : listMethod(self, name, given, at)
    case 'dict':
      return dictMethod(self, name, given, at)
    case 'scalar':
      return isText(self) ? textMethod(self, name, given, calling) : null
    case 'made':
      return isOpened(self) ? fileMethod(self, name, calling) : copied(self, name)
    case 'env':
      return name === 'strip' && given.args.length === 0 ? self : null
    default:
      return null
  }
}

function copied(made: Made, name: string): Value | null {
  return name === 'copy' || name === 'model_copy' ? copyOf(made) : null
}

function fileMethod(file: Value, name: string, { at, world }: Calling): Value | null {
  const content = name === 'read' ? contentOf(file, world) : null
  return content === null ? null : scalar(content, at)
}

type Text = Scalar & { readonly value: string }

function textMethod(self: Text, name: string, given: Arguments, calling: Calling): Value | null {
  const { at } = calling
  const [first, second] = given.args
  const { value } = self
  if (name === 'format') return formatText(self, given)
  // Of a path.
  if (name === 'open') return opened({ ...given, args: [self, ...given.args] }, at)
  if (first === undefined) return plainTextMethod(value, name, calling)
  if (name === 'join') return joined(self, first, at)
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

function plainTextMethod(text: string, name: string, { at, world }: Calling): Value | null {
  // Of a path.
  const content = name === 'read_text' ? world.readFile(posix.normalize(text)) : null
  const result = content ?? SIMPLE.get(name)?.(text)
  return result === undefined ? null : scalar(result, at)
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
