import { DEFAULT_CHOICE, type ModelChoice } from '../llm/model-choice.ts'
import type { Agent } from './agent.ts'
import type { InputDeclarations } from './inputs/declaration.ts'
import type { Task } from './task.ts'

export type Process = 'sequential' | 'hierarchical'

/** A value a `{placeholder}` can take. */
export type InputValue =
  | string
  | number
  | boolean
  | null
  | readonly InputValue[]
  | { readonly [key: string]: InputValue }
export type Inputs = Readonly<Record<string, InputValue>>

/** Other names by the name of their input. */
export type InputAliases = Readonly<Record<string, readonly string[]>>

/** Agents and the tasks they do: frozen, shared by all of its runs. */
export interface Crew {
  /** Folder name under `crews/`, the `<crew>` of its URL. */
  readonly name: string
  readonly description: string | null
  /** What its files call this version of it, e.g. `2.1`; null: nothing. */
  readonly label: string | null
  readonly agents: readonly Agent[]
  /** In the order they run; names are unique. */
  readonly tasks: readonly Task[]
  readonly process: Process
  /** Model of the made-up manager (hierarchical). */
  readonly managerLlm: ModelChoice
  /** An own manager (hierarchical), which is not among `agents`. */
  readonly managerAgent: Agent | null
  /** Defaults of inputs; a kickoff's inputs go over them. Null is nothing: the input need not be given, and is empty then. */
  readonly inputs: Inputs
  /** What its files say of inputs; of one that is not there any value is taken. */
  readonly inputDeclarations: InputDeclarations
  /** Other names under which a kickoff may give an input, so that it can be renamed and callers be left alone. */
  readonly inputAliases: InputAliases
  /** For how long a model call that fails is tried again, in ms; null: as the server says. */
  readonly retryHorizonMs: number | null
}

/** What a crew is when its files do not say. */
export const CREW_DEFAULTS = Object.freeze({
  description: null,
  label: null,
  process: 'sequential',
  managerLlm: DEFAULT_CHOICE,
  managerAgent: null,
  inputs: {},
  inputDeclarations: {},
  inputAliases: {},
  retryHorizonMs: null,
} as const)

/** A crew of which only its parts, and what differs from the defaults, are told. */
export function newCrew(given: Pick<Crew, 'name' | 'agents' | 'tasks'> & Partial<Crew>): Crew {
  return { ...CREW_DEFAULTS, ...given }
}

export function findAgent(crew: Crew, key: string): Agent | undefined {
  return crew.agents.find((agent) => agent.key === key)
}
