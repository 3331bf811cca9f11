import { type Expr, literalOf } from '../../nodes.ts'
import { constantOf } from '../constant.ts'
import type { Generation } from '../generation.ts'
import { externalName, resolve } from '../resolve.ts'
import type { Scope } from '../scope.ts'
import { type Core, core } from './core.ts'
import { typeOfAll } from './enum.ts'

/** `Literal["a", "b"]`, with the literals inside it spread. */
export function literalType(parts: readonly Expr[], scope: Scope, generation: Generation): Core {
  const values = valuesOf(parts, scope, 0)
  if (values === null) {
    const [first] = parts
    const reason = 'a value of the Literal cannot be told'
    return first === undefined ? core('literal', {}) : generation.hole(first, scope, reason)
  }
  // 1 and true are two values, "1" a third.
  const [only, ...more] = [...new Set(values)]
  const unique = [only, ...more]
  const choice = more.length === 0 ? { const: only } : { enum: unique }
  return core('literal', { ...choice, ...typeOfAll(unique) })
}

/** Literals in literals; more are a circle. */
const MAX_DEPTH = 20

function valuesOf(parts: readonly Expr[], scope: Scope, depth: number): readonly unknown[] | null {
  const values = parts.map((part) => partValues(part, scope, depth))
  return values.every((one) => one !== null) && depth <= MAX_DEPTH ? values.flat() : null
}

function partValues(part: Expr, scope: Scope, depth: number): readonly unknown[] | null {
  const constant =
    part.nodeType === 'Constant' && literalOf(part, scope.syntax).kind === 'float'
      ? null
      : constantOf(part, scope)
  if (constant !== null) return Array.isArray(constant.value) ? null : [constant.value]
  const meaning = resolve(part, scope)
  if (meaning.kind !== 'expression' || meaning.node.nodeType !== 'Subscript') return null
  if (externalName(meaning.node.value, meaning.scope) !== 'typing:Literal') return null
  const { slice } = meaning.node
  if (depth > MAX_DEPTH) return null
  return valuesOf(slice.nodeType === 'Tuple' ? slice.elts : [slice], meaning.scope, depth + 1)
}
