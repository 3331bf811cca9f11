import { createHash } from 'node:crypto'
import type {
  NameSource,
  PythonNames,
  PythonReference,
} from '../../../../workers/python/reference.ts'
import { untold } from '../interpret/values/make.ts'
import type { OwnClass, Pieces, Untold, Value } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import { isBareCrew, LOCAL, piecesOf } from './pieces.ts'

/** Characters of a key; of a longer one the rest becomes a hash. */
const MAX_KEY = 160

/** A value as an expression that the project's own Python can evaluate. */
export function toReference(value: Value, world: World): PythonReference | Untold {
  const pieces = piecesOf(value, world)
  if ('kind' in pieces) return pieces
  const rendered = render(pieces, world)
  if ('kind' in rendered) return rendered
  const { file, line } = value.at
  return { key: keyOf(pieces, world), ...rendered, at: `${file}:${line}` }
}

interface Rendered {
  readonly expr: string
  readonly names: PythonNames
}

function render(pieces: Pieces, world: World): Rendered | Untold {
  const names: Record<string, NameSource> = {}
  const taken = new Map<string, string>()
  let expr = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      expr += piece
      continue
    }
    const literal = literalOf(piece)
    if (literal !== null) {
      expr += literal
      continue
    }
    const source = sourceOf(piece, world)
    if ('kind' in source) return source
    const id = JSON.stringify(source)
    const name = taken.get(id) ?? freeName(nameFor(piece), names)
    taken.set(id, name)
    names[name] = source
    expr += name
  }
  return { expr: expr.trim(), names }
}

/** A number, a text and the like as Python writes it; null: it is none. */
function literalOf(value: Value): string | null {
  if (value.kind !== 'scalar') return null
  if (value.value === null) return 'None'
  if (typeof value.value === 'boolean') return value.value ? 'True' : 'False'
  // JSON's escapes mean the same to Python.
  return typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value)
}

function nameFor(value: Value): string {
  switch (value.kind) {
    case 'external':
      return value.path.at(-1) ?? value.module.split('.').at(-1) ?? 'module'
    case 'class':
    case 'function':
      return value.path?.split('.').at(-1) ?? '_value'
    case 'module':
      return value.module.name.split('.').at(-1) ?? 'module'
    case 'env':
      return value.name.toLowerCase()
    case 'instance':
      return value.isCrew ? 'self' : '_value'
    default:
      return '_value'
  }
}

function freeName(wanted: string, names: PythonNames): string {
  const base = /^[A-Za-z_]\w*$/.test(wanted) ? wanted : '_value'
  let name = base
  for (let count = 2; Object.hasOwn(names, name); count += 1) name = `${base}${count}`
  return name
}

function sourceOf(value: Value, world: World): NameSource | Untold {
  const direct = directSource(value)
  if (direct !== null) return direct
  const pieces = piecesOf(value, world)
  return 'kind' in pieces ? pieces : render(pieces, world)
}

/** What Python finds by itself; null: it has to be made by an expression. */
function directSource(value: Value): NameSource | Untold | null {
  switch (value.kind) {
    case 'external':
      return { import: importPath(value.module, value.path.join('.')) }
    case 'module':
      return { import: value.module.name }
    case 'class':
      return value.path === null ? untold(LOCAL, value.at) : ownSource(value.frame, value.path)
    case 'function':
      return value.path === null || value.self !== null ? null : ownSource(value.frame, value.path)
    case 'env':
      return value.fallback === null ? { env: value.name } : null
    case 'instance':
      return isBareCrew(value)
        ? { self: importPath(value.cls.frame.module.name, value.cls.def.name) }
        : null
    case 'scalar':
      return { value: typeof value.value === 'bigint' ? Number(value.value) : value.value }
    default:
      return null
  }
}

function ownSource({ module }: OwnClass['frame'], path: string): NameSource {
  return { import: importPath(module.name, path) }
}

function importPath(module: string, path: string): string {
  return path === '' ? module : `${module}:${path}`
}

/** Readable, and the same as long as the expression is. */
function keyOf(pieces: Pieces, world: World): string {
  const text = `python:${flat(pieces, world).replaceAll(/\s+/g, ' ').trim()}`
  if (text.length <= MAX_KEY) return text
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `${text.slice(0, MAX_KEY - 13)}#${hash}`
}

function flat(pieces: Pieces, world: World): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece
      const literal = literalOf(piece)
      if (literal !== null) return literal
      const source = sourceOf(piece, world)
      if ('import' in source) return source.import
      if ('env' in source) return `$${source.env}`
      if ('self' in source) return source.self
      const inner = piecesOf(piece, world)
      return 'kind' in inner ? '?' : flat(inner, world)
    })
    .join('')
}
