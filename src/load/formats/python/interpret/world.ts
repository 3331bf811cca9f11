import type { At, Expr, Stmt } from '../nodes.ts'
import type { Flaw } from '../parse.ts'
import type { Argument, Frame, Instance, Module, OwnClass, Value } from './values/value.ts'

export interface Arguments {
  readonly args: readonly Value[]
  readonly keywords: ReadonlyMap<string, Argument>
}

/** How a block of statements ended. */
export type Ending =
  | { readonly kind: 'next' | 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value: Value }
  /** It raises, or does what cannot be followed. */
  | { readonly kind: 'stop'; readonly why: string; readonly at: At; readonly raises: boolean }

/** The parts of the interpreter, which need each other, and what it may know. */
export interface World {
  readonly evaluate: (node: Expr, frame: Frame) => Value
  readonly run: (statements: readonly Stmt[], frame: Frame) => Ending
  readonly call: (callee: Value, args: Arguments, at: At) => Value
  readonly attribute: (value: Value, name: string, at: At) => Value
  /** An attribute in the bodies of a class and its bases; undefined: there is none. */
  readonly classAttribute: (cls: OwnClass, name: string) => Value | undefined
  /** A name as a module defines it; undefined: it does not. */
  readonly find: (module: Module, name: string) => Value | undefined
  /** The module that an import of `from` means; undefined: it is none of the project. */
  readonly importModule: (name: string, level: number, from: Module) => Module | Flaw | undefined
  /** What CrewAI gives to a class with `@CrewBase`; undefined: nothing of that name. */
  readonly crewAttribute: (crew: Instance, name: string) => Value | undefined
  readonly environment: Environment
  /** A file of the project; null: there is none that can be read. */
  readonly readFile: (path: string) => string | null
  /** Counts what is done. @throws TooMuch */
  readonly spend: (count?: number) => void
  /** Counts how deep `act` is in others. @throws TooMuch */
  readonly deeper: <Result>(act: () => Result) => Result
}

export interface Environment {
  /** Undefined: it is not set. */
  readonly get: (name: string) => string | undefined
  /** The same for a setting of a model; undefined: it is left to whoever asks the model. */
  readonly ofModel: (name: string) => string | undefined
  /** How often a variable was asked for that is not set. */
  readonly missed: () => number
}
