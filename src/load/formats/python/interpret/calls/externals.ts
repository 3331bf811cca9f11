import type { At } from '../../nodes.ts'
import { joinTexts } from '../values/join-texts.ts'
import { callPieces, fullName, hole, isText, list, made, scalar } from '../values/make.ts'
import { resolve } from '../values/truth.ts'
import type { External, Made, Value } from '../values/value.ts'
import type { Arguments, World } from '../world.ts'
import { contentOf, parsed } from './files.ts'

type Effect = (given: Arguments, at: At, world: World) => Value | null

/** `callee(…)` of something that is not the project's. */
export function callExternal(callee: External, given: Arguments, at: At, world: World): Value {
  const path = fullName(callee)
  const known = Object.hasOwn(KNOWN, path) ? KNOWN[path]?.(given, at, world) : null
  if (known != null) return known
  // Only a class is told from its name, and a decorator of tools; what a function gives, Python tells.
  const name = callee.path.at(-1) ?? ''
  const isClass = /^[A-Z]/.test(name) || name === 'tool'
  return isClass || /^crewai\b/.test(callee.module)
    ? made(callee, given, at)
    : hole(`only Python can tell what ${fullName(callee)}() gives`, callPieces(callee, given), at)
}

const getenv: Effect = ({ args, keywords }, at) => {
  const [name, fallback = keywords.get('default')?.value] = args
  return isText(name) ? { kind: 'env', name: name.value, fallback: fallback ?? null, at } : null
}

const nothing: Effect = (_, at) => scalar(null, at)
const first: Effect = ({ args }) => args[0] ?? null
const second: Effect = ({ args }) => args[1] ?? null

const joinPath: Effect = ({ args }, at) => {
  const parts = args.flatMap((arg, index) => (index === 0 ? [arg] : [scalar('/', at), arg]))
  const isKnown =
    args.length > 0 && args.every(({ kind }) => ['scalar', 'env', 'parts'].includes(kind))
  return isKnown ? joinTexts(parts, at) : null
}

const folderOf: Effect = ({ args: [path] }, at) => {
  if (!isText(path)) return null
  return scalar(
    path.value.includes('/') ? path.value.slice(0, path.value.lastIndexOf('/')) : '.',
    at,
  )
}

/** A model of its own, whose fields may be set without changing the first. */
export function copyOf(value: Made): Made {
  return { ...value, keywords: new Map(value.keywords), name: null, variable: null }
}

const copy: Effect = ({ args: [value] }, at) => {
  if (value?.kind === 'made') return copyOf(value)
  if (value?.kind === 'list') return list(value.items, at, value.isTuple)
  return value?.kind === 'dict' ? { ...value, entries: new Map(value.entries) } : null
}

const dedent: Effect = ({ args: [text] }, at, world) => {
  const known = text === undefined ? null : resolve(text, world)
  if (typeof known?.value !== 'string') return null
  const lines = known.value.split('\n')
  const filled = lines.filter((line) => line.trim() !== '')
  const widths = filled.map((line) => line.length - line.trimStart().length)
  const width = widths.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY)
  return scalar(lines.map((line) => (line.trim() === '' ? '' : line.slice(width))).join('\n'), at)
}

/** `yaml.safe_load(file)`, `json.loads(text)` */
const load: Effect = ({ args: [from] }, at, world) => {
  if (from === undefined) return null
  return parsed(isText(from) ? from.value : contentOf(from, world), at)
}

const here: Effect = (_, at) => scalar('.', at)

/** What calls outside of the project give that a crew's structure needs. Paths are those from the project's folder. */
const KNOWN: Readonly<Record<string, Effect>> = {
  'os.getenv': getenv,
  'os.environ.get': getenv,
  'os.path.join': joinPath,
  'os.path.dirname': folderOf,
  'os.path.abspath': first,
  'os.path.realpath': first,
  'os.path.expanduser': first,
  'os.makedirs': nothing,
  'os.getcwd': here,
  'pathlib.Path': joinPath,
  'pathlib.Path.cwd': here,
  'yaml.safe_load': load,
  'yaml.load': load,
  'json.load': load,
  'json.loads': load,
  'typing.cast': second,
  'copy.copy': copy,
  'copy.deepcopy': copy,
  'textwrap.dedent': dedent,
  'dotenv.load_dotenv': nothing,
  'warnings.filterwarnings': nothing,
  'logging.basicConfig': nothing,
}
