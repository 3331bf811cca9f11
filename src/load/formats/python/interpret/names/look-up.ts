import { nearest } from '../../../../fields/nearest.ts'
import type { At } from '../../nodes.ts'
import { builtin, external, scalar, untold } from '../values/make.ts'
import type { Frame, Module, OwnClass, Value } from '../values/value.ts'
import type { World } from '../world.ts'
import { bindingsOf } from './bindings.ts'
import { readLazily } from './lazy-name.ts'

/** Of Python's own names those that crews are made with. */
const BUILTINS = new Set(
  `abs all any bool bytes callable chr classmethod dict dir divmod enumerate filter float format frozenset getattr
  globals hasattr hash id input int isinstance issubclass iter len list locals map max min next object open ord pow
  print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip
  __import__ BaseException Exception ArithmeticError AssertionError AttributeError EOFError FileExistsError
  FileNotFoundError ImportError IndexError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError
  NameError NotImplemented NotImplementedError OSError IOError PermissionError RecursionError RuntimeError StopIteration
  SyntaxError SystemExit TimeoutError TypeError UnicodeDecodeError UnicodeError ValueError Warning UserWarning
  ConnectionError DeprecationWarning ZeroDivisionError Ellipsis __debug__ __doc__ __spec__ bytearray memoryview complex
  hex oct bin ascii eval exec compile delattr breakpoint aiter anext exit quit help copyright credits`.split(
    /\s+/,
  ),
)

export function isBuiltin(name: string): boolean {
  return BUILTINS.has(name)
}

/** Where names come from that people forget to import. */
const HOMES: readonly (readonly [RegExp, string])[] = [
  [/^(Agent|Task|Crew|Process|LLM|Flow|TaskOutput|CrewOutput|Knowledge)$/, 'crewai'],
  [/^(CrewBase|agent|task|crew|before_kickoff|after_kickoff|llm|tool|callback)$/, 'crewai.project'],
  [/^(BaseModel|Field|field_validator|model_validator)$/, 'pydantic'],
  [/^(List|Dict|Optional|Any|Tuple|Union|Literal|Type)$/, 'typing'],
  [/^BaseTool$/, 'crewai.tools'],
  [/Tool$/, 'crewai_tools'],
]

export function lookUp(name: string, frame: Frame, at: At, world: World): Value {
  const found = findLocal(name, frame, world) ?? world.find(frame.module, name)
  if (found !== undefined) return found
  if (BUILTINS.has(name)) return builtin(name, null, at)
  return untold(describeMissing(name, frame), at)
}

function findLocal(name: string, frame: Frame, world: World): Value | undefined {
  const local = frame.locals.get(name)
  if (local !== undefined) return local
  // A method does not see the names of its class's body.
  if (frame.scope === 'class' && frame.owner !== null) {
    // `llm = llm` takes that of the module.
    const open = frame.owner.attributes.open.get(name)
    const attribute =
      open === undefined ? ownAttribute(frame.owner, name, world) : open.locals.get(name)
    if (attribute !== undefined) return attribute
  }
  return frame.outer === null ? undefined : findLocal(name, frame.outer, world)
}

/** An attribute in the body of a class, not of its bases. */
export function ownAttribute(cls: OwnClass, name: string, world: World): Value | undefined {
  const body: Frame = {
    module: cls.frame.module,
    locals: new Map(),
    wanted: new Set([name]),
    outer: cls.frame.scope === 'function' ? cls.frame : null,
    owner: cls,
    scope: 'class',
  }
  const home = cls.path === null ? null : external(cls.frame.module.name, [cls.path, name], cls.at)
  return readLazily(
    { name, bindings: bindingsOf(cls.def.body), lazy: cls.attributes, body, home },
    world,
  )
}

/** A name that statements at the top of a module bind. */
export function ownName(module: Module, name: string, at: At, world: World): Value | undefined {
  if (name === '__name__') return scalar(module.name, at)
  if (name === '__file__') return scalar(module.syntax.file, at)
  const body: Frame = {
    module,
    locals: new Map(),
    wanted: new Set([name]),
    outer: null,
    owner: null,
    scope: 'module',
  }
  const home = external(module.name, [name], at)
  return readLazily({ name, bindings: module.bindings, lazy: module.names, body, home }, world)
}

function describeMissing(name: string, { module, locals }: Frame): string {
  const home = HOMES.find(([pattern]) => pattern.test(name))?.[1]
  const near = nearest(name, [...locals.keys(), ...module.bindings.keys()])
  if (near !== undefined) return `${name} is not defined; did you mean ${near}?`
  if (home !== undefined) return `${name} is not defined; add: from ${home} import ${name}`
  return `${name} is not defined; import it, or define it above`
}
