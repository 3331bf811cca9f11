import type { At } from '../../nodes.ts'
import type { Arguments } from '../world.ts'
import type {
  Builtin,
  Dict,
  External,
  Hole,
  Instance,
  List,
  Made,
  OwnClass,
  Pieces,
  Scalar,
  Untold,
  Value,
} from './value.ts'

export function scalar(value: Scalar['value'], at: At): Scalar {
  return { kind: 'scalar', value, at }
}

export function list(items: readonly Value[], at: At, isTuple = false): List {
  return { kind: 'list', items: [...items], isTuple, at }
}

export function dict(entries: Iterable<readonly [string, Value]>, at: At): Dict {
  return { kind: 'dict', entries: new Map(entries), file: null, key: null, at }
}

export function external(module: string, path: readonly string[], at: At): External {
  return { kind: 'external', module, path, at }
}

export function builtin(name: string, self: Value | null, at: At): Builtin {
  return { kind: 'builtin', name, self, at }
}

export function made(callee: External, { args, keywords }: Arguments, at: At): Made {
  return { kind: 'made', callee, args, keywords: new Map(keywords), name: null, variable: null, at }
}

export function instance(cls: OwnClass, { args, keywords }: Arguments, at: At): Instance {
  return {
    kind: 'instance',
    cls,
    args,
    keywords,
    attributes: new Map(),
    memory: new Map(),
    isCrew: false,
    state: 'new',
    at,
  }
}

export function untold(why: string, at: At): Untold {
  return { kind: 'untold', why, at }
}

export const UNKNOWN = 'only Python can tell what this is'

/** An expression that Python has to evaluate, unless a part of it is unknown to everybody. */
export function hole(why: string, pieces: Pieces, at: At): Hole | Untold {
  const unknown = pieces.find(
    (piece): piece is Untold => typeof piece !== 'string' && piece.kind === 'untold',
  )
  return unknown ?? { kind: 'hole', pieces, why, isMany: false, at }
}

/** What stands for all items of a list that is not known. */
export function manyOf(value: Value): Value {
  if (value.kind === 'untold') return value
  if (value.kind === 'hole') return { ...value, isMany: true }
  return { kind: 'hole', pieces: [value], why: UNKNOWN, isMany: true, at: value.at }
}

/** A call as an expression for Python. */
export function callPieces(callee: Value, { args, keywords }: Arguments): Pieces {
  const parts: Pieces[] = [
    ...args.map((value) => [value]),
    ...[...keywords].map(([name, { value }]) => [`${name}=`, value]),
  ]
  return [callee, '(', ...commaBetween(parts), ')']
}

/** Whether how long it is, is not known. */
export function hasMany(items: readonly Value[]): boolean {
  return items.some((item) => item.kind === 'hole' && item.isMany)
}

export function commaBetween(parts: readonly Pieces[]): Pieces {
  return parts.flatMap((part, index) => (index === 0 ? part : [', ', ...part]))
}

export function isText(value: Value | undefined): value is Scalar & { readonly value: string } {
  return value?.kind === 'scalar' && typeof value.value === 'string'
}

/** `crewai_tools.SerperDevTool` */
export function fullName({ module, path }: External): string {
  return [module, ...path].join('.')
}
