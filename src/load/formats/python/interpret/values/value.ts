import type { At, ClassDef, FunctionDef, Node, Stmt, Syntax } from '../../nodes.ts'

/** What an expression is known to be without running it. Lists, maps and objects may still be added to. */
export type Value =
  | Scalar
  | List
  | Dict
  | EnvironmentVariable
  | TextParts
  | Made
  | External
  | OwnModule
  | OwnClass
  | OwnFunction
  | Instance
  | Super
  | Builtin
  | Hole
  | Untold

export interface Scalar {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | bigint | string
  readonly at: At
}

export interface List {
  readonly kind: 'list'
  readonly items: Value[]
  readonly isTuple: boolean
  readonly at: At
}

export interface Dict {
  readonly kind: 'dict'
  readonly entries: Map<string, Value>
  /** Of one that was read from a file of YAML: that file, and the key under which it stands there. */
  readonly file: string | null
  readonly key: string | null
  readonly at: At
}

/** `os.getenv(name, fallback)` */
export interface EnvironmentVariable {
  readonly kind: 'env'
  readonly name: string
  readonly fallback: Value | null
  readonly at: At
}

/** A text with variables of the environment in it. */
interface TextParts {
  readonly kind: 'parts'
  readonly parts: readonly Value[]
  readonly at: At
}

/** What a call of something outside the project gives: `LLM(model=…)`, `SerperDevTool()`, `get_tools()`. */
export interface Made {
  readonly kind: 'made'
  readonly callee: External
  readonly args: readonly Value[]
  /** Of agents, tasks, and crews also what was assigned to them later. */
  readonly keywords: Map<string, Argument>
  /** The method that made it, by which a crew knows it. */
  name: string | null
  /** The first variable that held it. */
  variable: string | null
  readonly at: At
}

export interface Argument {
  readonly value: Value
  readonly at: At
}

/** Something in a module that is not the project's, e.g. `SerperDevTool` in `crewai_tools`. */
export interface External {
  readonly kind: 'external'
  readonly module: string
  /** Empty: the module itself. */
  readonly path: readonly string[]
  readonly at: At
}

interface OwnModule {
  readonly kind: 'module'
  readonly module: Module
  readonly at: At
}

export interface OwnClass {
  readonly kind: 'class'
  readonly def: ClassDef
  readonly frame: Frame
  /** Name in its module, e.g. `Report`; null: made in a function, where nothing outside can find it. */
  readonly path: string | null
  readonly attributes: Lazy
  readonly at: At
}

export interface OwnFunction {
  readonly kind: 'function'
  readonly def: FunctionDef | Node<'Lambda'>
  readonly frame: Frame
  /** As of a class. */
  readonly path: string | null
  /** From the outermost to the innermost. */
  readonly decorators: readonly Value[]
  /** The class in whose body it stands. */
  readonly owner: OwnClass | null
  readonly self: Instance | OwnClass | null
  readonly at: At
}

/** An object of one of the project's own classes. */
export interface Instance {
  readonly kind: 'instance'
  readonly cls: OwnClass
  readonly args: readonly Value[]
  readonly keywords: ReadonlyMap<string, Argument>
  readonly attributes: Map<string, Value>
  /** What its methods gave that CrewAI calls once only. */
  readonly memory: Map<string, Value>
  /** Whether it is the crew whose class is read. */
  readonly isCrew: boolean
  /** `broken`: `__init__` cannot be followed to its end. */
  state: 'new' | 'ready' | 'broken'
  readonly at: At
}

/** `super()` */
export interface Super {
  readonly kind: 'super'
  readonly self: Instance | OwnClass
  readonly owner: OwnClass
  readonly at: At
}

export interface Builtin {
  readonly kind: 'builtin'
  readonly name: string
  /** What it is a method of, e.g. the text of `format`. */
  readonly self: Value | null
  readonly at: At
}

/** What only Python can tell: an expression of texts and the values between them. */
export interface Hole {
  readonly kind: 'hole'
  readonly pieces: Pieces
  readonly why: string
  /** In a list: what it gives is a list, all of whose items belong there. */
  readonly isMany: boolean
  readonly at: At
}

export type Pieces = readonly (string | Value)[]

/** What nobody can tell before a run, or what Python would refuse. */
export interface Untold {
  readonly kind: 'untold'
  readonly why: string
  readonly at: At
}

/** A module of the project. */
export interface Module {
  /** As Python imports it, e.g. `stock_analysis.crew`. */
  readonly name: string
  readonly isPackage: boolean
  readonly syntax: Syntax
  /** The statements that bind or change a name at the top, in order. */
  readonly bindings: Bindings
  readonly names: Lazy
}

export type Bindings = ReadonlyMap<string, readonly Stmt[]>

/** Values by name that are evaluated when asked for. */
export interface Lazy {
  readonly known: Map<string, Value>
  /** Those that are being evaluated, and what they are so far. */
  readonly open: Map<string, Frame>
  /** What stands on the right of assignments, each evaluated once. */
  readonly assigned: Map<Stmt, Value>
}

/** Where names are looked up: a module, the body of a class, a call of a function. */
export interface Frame {
  readonly module: Module
  readonly locals: Map<string, Value>
  /** Null: every statement runs; else only those that bind one of these names. */
  readonly wanted: ReadonlySet<string> | null
  /** The enclosing function. */
  readonly outer: Frame | null
  /** The class whose body this is, or whose method is called. */
  readonly owner: OwnClass | null
  readonly scope: 'module' | 'class' | 'function'
}
