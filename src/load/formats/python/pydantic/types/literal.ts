import { type Expr, literalOf } from '../../nodes.ts'
import { constantOf } from '../constant.ts'
import type { Generation } from '../generation.ts'
import { externalName, resolve } from '../resolve.ts'
import type { Scope } from '../scope.ts'
import { type Core, core } from './core.ts'
import { typeOfAll } from './enum.ts'

/** `Literal["a", "b"]`, with the literals inside it spread. */
export function literalType(parts: readonly Expr[], scope: Scope, generation: Generation): Core {
  const values = valuesOf(parts, scope)
  if (values === null) {
    const [first] = parts
    const reason = 'a value of the Literal cannot be told'
    return first === undefined ? core('literal', {}) : generation.hole(first, scope, reason)
  }
  // 1 and true are two values, "1" a third.
  const choice = values.length === 1 ? { const: values[0] } : { enum: values }
  return core('literal', { ...choice, ...typeOfAll(values) })
}

const known = new WeakMap<Expr, readonly unknown[] | null>()

/** Each value once; null: one of them cannot be told. */
function valuesOf(parts: readonly Expr[], scope: Scope): readonly unknown[] | null {
  const values = parts.map((part) => partValues(part, scope))
  return values.every((one) => one !== null) ? [...new Set(values.flat())] : null
}

function partValues(part: Expr, scope: Scope): readonly unknown[] | null {
  const constant = isFloat(part, scope) ? null : constantOf(part, scope)
  if (constant !== null) return Array.isArray(constant.value) ? null : [constant.value]
  const meaning = resolve(part, scope)
  if (meaning.kind !== 'expression' || meaning.node.nodeType !== 'Subscript') return null
  if (externalName(meaning.node.value, meaning.scope) !== 'typing:Literal') return null
  const before = known.get(meaning.node)
  if (before !== undefined) return before
  // One that is made of itself sees this.
  known.set(meaning.node, null)
  const { slice } = meaning.node
  const values = valuesOf(slice.nodeType === 'Tuple' ? slice.elts : [slice], meaning.scope)
  known.set(meaning.node, values)
  return values
}

function isFloat(part: Expr, { syntax }: Scope): boolean {
  return part.nodeType === 'Constant' && literalOf(part, syntax).kind === 'float'
}
