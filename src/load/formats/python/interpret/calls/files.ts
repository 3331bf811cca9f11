import { posix } from 'node:path'
import { parse } from 'yaml'
import { isMap } from '../../../../source.ts'
import type { At } from '../../nodes.ts'
import { dict, external, fullName, isText, list, made, scalar } from '../values/make.ts'
import type { Made, Value } from '../values/value.ts'
import type { Arguments, World } from '../world.ts'

const MAX_ALIASES = 100

/** `open(…)`, under the name by which it can be imported. */
export function opened(given: Arguments, at: At): Made {
  return made(external('io', ['open'], at), given, at)
}

export function isOpened(value: Value): value is Made {
  return value.kind === 'made' && fullName(value.callee) === 'io.open'
}

/** What stands in a file of the project that is opened for reading; null: not known. */
export function contentOf(file: Value, world: World): string | null {
  if (!isOpened(file)) return null
  const [path, mode = file.keywords.get('mode')?.value] = file.args
  const isReading = mode === undefined || (isText(mode) && /^rt?$/.test(mode.value))
  return isText(path) && isReading ? world.readFile(posix.normalize(path.value)) : null
}

/** What a text of YAML or JSON says; null: nothing that is known. */
export function parsed(text: string | null, at: At): Value | null {
  if (text === null) return null
  try {
    return fromJson(
      parse(text, { maxAliasCount: MAX_ALIASES, uniqueKeys: false, logLevel: 'silent' }),
      () => at,
    )
  } catch {
    return null
  }
}

/** @param locate where a value stands, by the keys and positions that lead there */
export function fromJson(
  value: unknown,
  locate: (path: readonly (string | number)[]) => At,
  path: readonly (string | number)[] = [],
): Value {
  const at = locate(path)
  if (Array.isArray(value))
    return list(
      value.map((item, index) => fromJson(item, locate, [...path, index])),
      at,
    )
  if (isMap(value)) {
    const entries = Object.entries(value)
    return dict(
      entries.map(([key, item]) => [key, fromJson(item, locate, [...path, key])] as const),
      at,
    )
  }
  return scalar(isPlain(value) ? value : String(value), at)
}

function isPlain(value: unknown): value is null | boolean | number | bigint | string {
  return value === null || ['boolean', 'number', 'bigint', 'string'].includes(typeof value)
}
