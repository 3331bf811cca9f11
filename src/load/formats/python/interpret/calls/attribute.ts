import type { At } from '../../nodes.ts'
import { moduleValue } from '../names/imports.ts'
import {
  builtin,
  dict,
  external,
  hole,
  isText,
  list,
  scalar,
  UNKNOWN,
  untold,
} from '../values/make.ts'
import type {
  Instance,
  Made,
  Module,
  OwnClass,
  OwnFunction,
  Super,
  Value,
} from '../values/value.ts'
import type { World } from '../world.ts'
import { ancestors, classAttribute, decoratorNames, foreignBases, isKindOf } from './classes.ts'
import { isCrewThing } from './crewai-names.ts'

/** `value.name` */
export function attribute(value: Value, name: string, at: At, world: World): Value {
  switch (value.kind) {
    case 'instance':
      return instanceAttribute(value, name, at, world)
    case 'class':
      return ownClassAttribute(value, name, at, world)
    case 'super':
      return superAttribute(value, name, at, world)
    case 'module':
      return moduleAttribute(value.module, name, at, world)
    case 'external':
      return external(value.module, [...value.path, name], at)
    case 'made':
      return madeAttribute(value, name, at)
    case 'scalar':
      return name === 'parent' ? folderOf(value, at) : builtin(name, value, at)
    case 'list':
    case 'dict':
    case 'parts':
    case 'env':
    case 'builtin':
      return builtin(name, value, at)
    case 'function':
      return name === '__name__' && value.path !== null
        ? scalar(value.path.split('.').at(-1) ?? value.path, at)
        : unknown(value, name, at)
    default:
      return unknown(value, name, at)
  }
}

/** Of `Path(…).parent`. */
function folderOf(path: Value, at: At): Value {
  if (!isText(path)) return unknown(path, 'parent', at)
  const end = path.value.lastIndexOf('/')
  return scalar(end === -1 ? '.' : path.value.slice(0, end), at)
}

function unknown(value: Value, name: string, at: At): Value {
  return hole(UNKNOWN, [value, `.${name}`], at)
}

function moduleAttribute(module: Module, name: string, at: At, world: World): Value {
  const found = world.find(module, name)
  if (found !== undefined) return found
  const below = world.importModule(`${module.name}.${name}`, 0, module)
  return below === undefined
    ? untold(`${module.syntax.file} has no ${name}`, at)
    : moduleValue(below, at)
}

/** Of agents, tasks, crews and models the fields; of all else Python knows more. */
function madeAttribute(value: Made, name: string, at: At): Value {
  if (!isCrewThing(value.callee)) return unknown(value, name, at)
  const given = value.keywords.get(name)?.value
  if (given !== undefined) return given
  const config = value.keywords.get('config')?.value
  const fromConfig = config?.kind === 'dict' ? config.entries.get(name) : undefined
  if (fromConfig !== undefined) return fromConfig
  if (!LISTS.has(name)) return builtin(name, value, at)
  // CrewAI makes them, and people append to them.
  const made = list([], at)
  value.keywords.set(name, { value: made, at })
  return made
}

const LISTS = new Set(['tools', 'callbacks', 'before_kickoff_callbacks', 'after_kickoff_callbacks'])

function instanceAttribute(owner: Instance, name: string, at: At, world: World): Value {
  const own = owner.attributes.get(name)
  if (own !== undefined) return own
  const ofCrew = owner.isCrew ? world.crewAttribute(owner, name) : undefined
  if (ofCrew !== undefined) return ofCrew
  initialize(owner, world)
  const set = owner.attributes.get(name)
  if (set !== undefined) return set
  const given = owner.keywords.get(name)?.value
  if (given !== undefined && foreignBases(owner.cls, world).length > 0) return given
  const inClass = classAttribute(owner.cls, name, world)
  if (inClass !== undefined) return fromClass(inClass, owner, { name, at }, world)
  if (name === '__class__') return owner.cls
  if (name === '__dict__') return dict(owner.attributes, at)
  return isHidden(owner, name, world)
    ? unknown(owner, name, at)
    : untold(`${owner.cls.def.name} has no ${name}`, at)
}

/** Whether Python may know more attributes than its files. */
function isHidden(owner: Instance, name: string, world: World): boolean {
  if (owner.isCrew && FROM_CREWAI.has(name)) return true
  return owner.state === 'broken' || foreignBases(owner.cls, world).length > 0
}

/** Methods that `@CrewBase` gives to a class. */
const FROM_CREWAI: ReadonlySet<string> = new Set(['get_mcp_tools', 'close_mcp_server', 'load_yaml'])

/** Runs `__init__` when something is first asked of an object. */
export function initialize(owner: Instance, world: World): void {
  if (owner.state !== 'new') return
  owner.state = 'ready'
  const init = classAttribute(owner.cls, '__init__', world)
  if (init?.kind !== 'function') return
  const result = world.call({ ...init, self: owner }, owner, owner.at)
  if (result.kind === 'hole' || result.kind === 'untold') owner.state = 'broken'
}

const SETTINGS = ['BaseSettings']
const MODELS = ['BaseModel', ...SETTINGS, 'BaseTool']
const ENUMS = ['Enum', 'StrEnum', 'IntEnum']

function fromClass(
  value: Value,
  owner: Instance,
  { name, at }: { readonly name: string; readonly at: At },
  world: World,
): Value {
  if (value.kind === 'function') return bindFunction(value, owner, at, world)
  if (isKindOf(owner.cls, SETTINGS, world)) return settingOf(value, name, at, world)
  return isKindOf(owner.cls, MODELS, world) ? defaultOf(value, at, world) : value
}

function bindFunction(value: OwnFunction, owner: Instance, at: At, world: World): Value {
  const marks = decoratorNames(value.decorators)
  if (marks.includes('staticmethod')) return value
  if (marks.includes('classmethod')) return { ...value, self: owner.cls }
  const method = { ...value, self: owner }
  const isProperty = marks.some((mark) => /(^|\.)(property|cached_property)$/.test(mark))
  return isProperty ? world.call(method, { args: [], keywords: new Map() }, at) : method
}

/** pydantic reads settings from the environment, by their names in capitals. */
function settingOf(value: Value, name: string, at: At, world: World): Value {
  const field = value.kind === 'made' ? value.keywords : undefined
  const alias =
    field?.get('env')?.value ?? field?.get('alias')?.value ?? field?.get('validation_alias')?.value
  const variable = isText(alias) ? alias.value : name.toUpperCase()
  const fallback = defaultOf(value, at, world)
  return { kind: 'env', name: variable, fallback: fallback.kind === 'untold' ? null : fallback, at }
}

/** Of `x: int = Field(default=1)` the 1. */
function defaultOf(value: Value, at: At, world: World): Value {
  if (value.kind !== 'made' || value.callee.path.at(-1) !== 'Field') return value
  const given = value.keywords.get('default')?.value ?? value.args[0]
  if (given !== undefined) return given
  const factory = value.keywords.get('default_factory')?.value
  if (factory !== undefined) return world.call(factory, { args: [], keywords: new Map() }, at)
  return untold('is given to no object of this class', at)
}

function ownClassAttribute(cls: OwnClass, name: string, at: At, world: World): Value {
  const value = classAttribute(cls, name, world)
  if (name === '__name__') return scalar(cls.def.name, at)
  if (value === undefined) {
    return foreignBases(cls, world).length > 0
      ? unknown(cls, name, at)
      : untold(`${cls.def.name} has no ${name}`, at)
  }
  if (value.kind === 'function')
    return decoratorNames(value.decorators).includes('classmethod')
      ? { ...value, self: cls }
      : value
  if (!isKindOf(cls, ENUMS, world)) return value
  const attributes = new Map<string, Value>([
    ['value', value],
    ['name', scalar(name, at)],
  ])
  return {
    kind: 'instance',
    cls,
    args: [value],
    keywords: new Map(),
    attributes,
    memory: new Map(),
    isCrew: false,
    state: 'ready',
    at,
  }
}

/** The method of the next class above the one whose body calls `super()`. */
function superAttribute({ self, owner }: Super, name: string, at: At, world: World): Value {
  const cls = self.kind === 'class' ? self : self.cls
  const line = ancestors(cls, world)
  const above = line.slice(line.findIndex(({ def }) => def === owner.def) + 1)
  for (const base of above) {
    const value = classAttribute(base, name, world)
    if (value?.kind === 'function') return { ...value, self }
    if (value !== undefined) return value
  }
  return builtin('nothing', list([], at), at)
}

/** Whether a class of the project is used as a tool, whichever library's. */
export function isToolClass(cls: OwnClass, world: World): boolean {
  return (
    isKindOf(cls, ['BaseTool', 'StructuredTool', 'RagTool'], world) ||
    foreignBases(cls, world).some((base) => /^crewai_tools\..*Tool$/.test(base))
  )
}
