import type { PythonReference } from '../../../../workers/python/reference.ts'
import type { At } from '../nodes.ts'

/** A value of a `crew.py` that only Python can give, with what its files say about it nevertheless. */
export interface PythonValue extends PythonReference {
  readonly why: string
  readonly place: At
  readonly known: Known
}

export type Known =
  /** An object of a class outside the project, e.g. `crewai_tools.FileReadTool`; null: some arguments are not JSON. */
  | {
      readonly kind: 'object'
      readonly class: string
      readonly arguments: Readonly<Record<string, unknown>> | null
    }
  /** A tool of the project's own; null is what its files do not tell. */
  | {
      readonly kind: 'tool'
      /** False: more than that may tell it from others, such as `result_as_answer`, or what its making does. */
      readonly isPlain: boolean
      readonly name: string | null
      readonly description: string | null
      readonly parameters: Readonly<Record<string, unknown>> | null
    }
  /** A class of pydantic's. */
  | {
      readonly kind: 'model'
      readonly name: string
      /** Null: only Python can tell it. */
      readonly schema: Readonly<Record<string, unknown>> | null
      /** Whether it has code of its own that checks values. */
      readonly hasValidators: boolean
    }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'nothing' }

/** What a `crew.py` says about one crew. */
export interface PythonCrew {
  /** Of the class, or of the function or variable that holds it. */
  readonly name: string
  readonly at: At
  readonly settings: readonly ToldField[]
  /** With the manager, who is named in the settings. */
  readonly agents: readonly ToldSection[]
  /** In the order they run. */
  readonly tasks: readonly ToldSection[]
  /** Variables of the environment that it asks for, sorted. */
  readonly variables: readonly string[]
}

export interface ToldSection {
  /** Name of the method. */
  readonly name: string
  readonly at: At
  readonly fields: readonly ToldField[]
}

export interface ToldField {
  readonly name: string
  /** JSON with {@link PythonValue}s in it. */
  readonly value: unknown
  /** Where a value of it stands, by the keys and positions that lead there. */
  readonly locate: (path: readonly (string | number)[]) => At
  /** As it is found in a file of YAML, e.g. `researcher.role`; null: in Python. */
  readonly yamlPath: readonly string[] | null
}

/** What is wrong with it. The crew is not served. */
export interface Mistake {
  readonly at: At
  /** E.g. `agents.researcher.tools[1]`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}
