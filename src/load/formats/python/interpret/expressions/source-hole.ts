import { atOf, type Expr, rangeOf, textOf, walk } from '../../nodes.ts'
import { lookUp } from '../names/look-up.ts'
import { hole, UNKNOWN, untold } from '../values/make.ts'
import type { Frame, Hole, Untold, Value } from '../values/value.ts'
import type { World } from '../world.ts'

interface Use {
  readonly range: readonly [number, number]
  readonly value: Value
}

/** An expression as it stands in the file, with what its names stand for. */
export function sourceHole(node: Expr, frame: Frame, world: World): Hole | Untold {
  const { syntax } = frame.module
  const at = atOf(node, syntax)
  const [start, end] = rangeOf(node, syntax)
  const pieces: (string | Value)[] = []
  let done = start
  for (const { range, value } of findUses(node, frame, world)) {
    if (range[0] < done || range[1] > end) return untold('cannot be followed', at)
    pieces.push(syntax.text.slice(done, range[0]), value)
    done = range[1]
  }
  pieces.push(syntax.text.slice(done, end))
  // Lines belong together inside of brackets only.
  const isLong = pieces.some((piece) => typeof piece === 'string' && piece.includes('\n'))
  const why = UNKNOWN
  return hole(why, isLong ? ['(', ...pieces, ')'] : pieces, at)
}

/** The names that an expression takes from around it, in the order of the text. */
function findUses(node: Expr, frame: Frame, world: World): readonly Use[] {
  const nodes = walk(node)
  const bound = new Set(
    nodes.flatMap((inner) => {
      if (inner.nodeType === 'Arg') return [inner.arg]
      return inner.nodeType === 'Name' && inner.ctx.nodeType === 'Store' ? [inner.id] : []
    }),
  )
  const { syntax } = frame.module
  const uses = nodes.flatMap((inner): readonly Use[] => {
    if (inner.nodeType !== 'Name' || bound.has(inner.id)) return []
    const value = lookUp(inner.id, frame, atOf(inner, syntax), world)
    if (value.kind === 'builtin' && value.self === null) return []
    // Positions in some nested f-strings are not those of the file.
    const isThere = textOf(inner, syntax) === inner.id
    return [{ range: isThere ? rangeOf(inner, syntax) : [-1, -1], value }]
  })
  return uses.toSorted((a, b) => a.range[0] - b.range[0])
}
