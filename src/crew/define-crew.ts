import type { z } from 'zod'
import type { DefinedTool } from '../tools/tool.ts'
import type { InputAliases, InputValue, Process } from './crew.ts'
import type { ValueSchema } from './inputs/declaration.ts'
import { withoutZod } from './inputs/from-zod.ts'

/** A model and how to ask it. Parameters left out are left to the provider. */
export interface LlmDefinition {
  /** `provider/model` or a bare model name, in which `${NAME}` stands for a variable. Default: the server's model. */
  readonly model?: string
  /** Whose model it is; `model` is then the provider's own name. */
  readonly provider?: string
  /** Where it is, up to the part before `/chat/completions`; may hold `${NAME}`. Default: the provider's. */
  readonly baseUrl?: string
  /** Name of the variable that holds the key. Default: the provider's. */
  readonly apiKeyEnv?: string
  /** Of every request; values may hold `${NAME}`. */
  readonly extraHeaders?: Readonly<Record<string, string>>
  /** For one attempt, in seconds. Default 300. */
  readonly timeout?: number
  /** So many more attempts than one. Default: as many as the retry horizon has room for. */
  readonly maxRetries?: number
  /** From 0 to 2. */
  readonly temperature?: number
  /** From 0 to 1. */
  readonly topP?: number
  /** Of one answer, above 0. */
  readonly maxTokens?: number
  readonly seed?: number
  readonly stop?: string | readonly string[]
  readonly reasoningEffort?: string
  readonly presencePenalty?: number
  readonly frequencyPenalty?: number
  /** As OpenAI has it. */
  readonly responseFormat?: Readonly<Record<string, unknown>>
  /** What only the provider knows, as it takes it. */
  readonly extraBody?: Readonly<Record<string, unknown>>
}

export interface AgentDefinition {
  /** Like goal and backstory, may hold `{placeholders}`. */
  readonly role: string
  readonly goal: string
  readonly backstory: string
  /** Default: the server's model. */
  readonly llm?: string | LlmDefinition
  /** Tools, or names of files in `tools/`. For tasks that bring none of their own. */
  readonly tools?: readonly (DefinedTool | string)[]
  /** Model calls per task before the final answer is forced, above 0. Default 25. */
  readonly maxIter?: number
  /** Lets the agent pass work on to the others. Default false. */
  readonly allowDelegation?: boolean
}

export interface TaskDefinition<AgentKey extends string, TaskName extends string> {
  /** Like `expectedOutput`, may hold `{placeholders}`. */
  readonly description: string
  readonly expectedOutput: string
  /** May be left out in a hierarchical crew, where the manager picks. */
  readonly agent?: AgentKey
  /** Earlier tasks whose outputs are given to this one. Default: all of them. */
  readonly context?: readonly TaskName[]
  /** Instead of the agent's. */
  readonly tools?: readonly (DefinedTool | string)[]
  /** True: a person reviews the answer before the run goes on. Default false. */
  readonly humanInput?: boolean
}

/** What values an input may have, in the words of JSON Schema. */
export interface InputDefinition extends Omit<ValueSchema, 'required'> {
  /** False: it need not be given, and is empty then. As a list: the properties that an object must have. Default: it must be given, unless it has a default. */
  readonly required?: boolean | readonly string[]
  readonly default?: InputValue
  /** True: its value is filled into prompts, kept encrypted, and told to nobody else. Default false. */
  readonly sensitive?: boolean
}

export interface CrewDefinition<AgentKey extends string, TaskName extends string> {
  readonly description?: string
  /** What this version of the crew is called, e.g. `2.1`; a kickoff may ask for it. Default: it has its hash alone. */
  readonly version?: string
  /** By key, which tasks refer to. */
  readonly agents: Readonly<Record<AgentKey, AgentDefinition>>
  /** By name, in the order they run. */
  readonly tasks: Readonly<Record<TaskName, TaskDefinition<NoInfer<AgentKey>, NoInfer<TaskName>>>>
  /** Default `sequential`. */
  readonly process?: Process
  /** Model of the made-up manager; a hierarchical crew has this or `managerAgent`. */
  readonly managerLlm?: string | LlmDefinition
  /** The agent that manages the others, and has no tools. */
  readonly managerAgent?: NoInfer<AgentKey>
  /**
   * What inputs must be: types of zod, or maps with a `type`. Anything else is a default: a kickoff need not bring the
   * input.
   */
  readonly inputs?: Readonly<Record<string, z.ZodType | InputDefinition | InputValue>>
  /** Other names by the name of their input: a kickoff may give it under any of them. */
  readonly inputAliases?: InputAliases
  /** For so long a model call that fails is tried again before its run fails. Default: as the server says, a day. */
  readonly modelRetryHorizonSeconds?: number
}

/**
 * Defines a crew in TypeScript: `crews/<crew>/crew.ts` exports it as default. The compiler checks that tasks refer to
 * agents and tasks of this crew. Everything else is checked when the crew is loaded, as with the other formats, where
 * all problems are reported together.
 *
 * @throws TypeError when a type of zod cannot be told as JSON Schema
 */
export function defineCrew<AgentKey extends string, TaskName extends string>(
  definition: CrewDefinition<AgentKey, TaskName>,
): CrewDefinition<AgentKey, TaskName> {
  const { inputs } = definition
  return Object.freeze(
    inputs === undefined ? definition : { ...definition, inputs: withoutZod(inputs) },
  )
}
