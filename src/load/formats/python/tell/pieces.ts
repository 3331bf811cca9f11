import { sourceHole } from '../interpret/expressions/source-hole.ts'
import { callPieces, commaBetween, external, untold } from '../interpret/values/make.ts'
import type { Instance, OwnFunction, Pieces, Untold, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'

/** Why something made in a function cannot be named from outside. */
export const LOCAL =
  'is made inside of a function, where nothing else can find it; move it to the top of the file'

/** The expression that makes a value. */
export function piecesOf(value: Value, world: World): Pieces | Untold {
  world.spend()
  switch (value.kind) {
    case 'untold':
      return value
    case 'hole':
      return value.pieces
    case 'made':
      return callPieces(value.callee, value)
    case 'instance':
      return instancePieces(value)
    case 'function':
      return functionPieces(value, world)
    case 'list':
      return value.isTuple
        ? ['(', ...value.items.flatMap((item) => [...itemPieces(item), ', ']), ')']
        : ['[', ...commaBetween(value.items.map(itemPieces)), ']']
    case 'dict': {
      const entries = [...value.entries].map(([key, item]) => [`${JSON.stringify(key)}: `, item])
      return ['{', ...commaBetween(entries), '}']
    }
    case 'parts':
      return ['"".join([', ...value.parts.flatMap((part) => ['str(', part, '), ']), '])']
    case 'env':
      return value.fallback === null
        ? [value]
        : [
            external('os', ['getenv'], value.at),
            `(${JSON.stringify(value.name)}, `,
            value.fallback,
            ')',
          ]
    case 'builtin':
      return value.self === null ? [value.name] : [value.self, `.${value.name}`]
    case 'super':
      return untold('cannot be told from outside of its class', value.at)
    default:
      return [value]
  }
}

function itemPieces(item: Value): Pieces {
  return item.kind === 'hole' && item.isMany ? ['*', { ...item, isMany: false }] : [item]
}

function instancePieces(value: Instance): Pieces {
  return isBareCrew(value) ? [value] : callPieces(value.cls, value)
}

/** Whether it is an object of the crew's class that is made without arguments, as CrewAI does. */
export function isBareCrew({ isCrew, args, keywords }: Instance): boolean {
  return isCrew && args.length === 0 && keywords.size === 0
}

function functionPieces(value: OwnFunction, world: World): Pieces | Untold {
  const { def, self, path } = value
  if (def.nodeType === 'Lambda') {
    const source = sourceHole(def, value.frame, world)
    return source.kind === 'untold' ? source : source.pieces
  }
  if (self !== null) return [self, `.${def.name}`]
  return path === null ? untold(LOCAL, value.at) : [value]
}
