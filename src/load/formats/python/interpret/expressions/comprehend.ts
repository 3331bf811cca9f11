import { atOf, type Expr, type Node } from '../../nodes.ts'
import { assignTo } from '../names/assign.ts'
import { iterate } from '../values/iterate.ts'
import { dict, list } from '../values/make.ts'
import { truthOf } from '../values/truth.ts'
import type { Frame, Value } from '../values/value.ts'
import type { World } from '../world.ts'

type Comprehension = Node<'ListComp' | 'SetComp' | 'GeneratorExp' | 'DictComp'>

/** A list or a map made in one expression; null: it goes over what is not known. */
export function comprehend(node: Comprehension, frame: Frame, world: World): Value | null {
  const inner: Frame = {
    ...frame,
    locals: new Map(),
    outer: frame,
    wanted: null,
    scope: 'function',
  }
  const at = atOf(node, frame.module.syntax)
  const results: (readonly [Value, Value])[] = []
  const [first, second] =
    node.nodeType === 'DictComp' ? [node.key, node.value] : [node.elt, node.elt]
  const isKnown = loop(node.generators, inner, world, () => {
    const key = world.evaluate(first, inner)
    results.push([key, first === second ? key : world.evaluate(second, inner)])
  })
  if (!isKnown) return null
  if (node.nodeType !== 'DictComp')
    return list(
      results.map(([value]) => value),
      at,
    )
  const entries = results.map(([key, value]) => [keyOf(key), value] as const)
  return entries.every((entry): entry is [string, Value] => entry[0] !== null)
    ? dict(entries, at)
    : null
}

function keyOf(key: Value): string | null {
  return key.kind === 'scalar' && typeof key.value === 'string' ? key.value : null
}

interface Generator {
  readonly target: Expr
  readonly iter: Expr
  readonly ifs: readonly Expr[]
}

function loop(
  [generator, ...rest]: readonly Generator[],
  frame: Frame,
  world: World,
  each: () => void,
): boolean {
  if (generator === undefined) {
    each()
    return true
  }
  const items = iterate(world.evaluate(generator.iter, frame))
  if (items === null) return false
  for (const item of items) {
    world.spend()
    if (!assignTo(generator.target, item, frame, world)) return false
    const tests = generator.ifs.map((test) => truthOf(world.evaluate(test, frame), world))
    if (tests.includes(undefined)) return false
    if (tests.every(Boolean) && !loop(rest, frame, world, each)) return false
  }
  return true
}
