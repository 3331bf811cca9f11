import { z } from 'zod'
import { DEFAULT_MAX_ITER } from '../../crew/agent.ts'
import type { Process } from '../../crew/crew.ts'
import { describeValue, type Notation } from '../source.ts'
import type { ToolSource } from '../values/tool-source.ts'
import { inputAliases, versionLabel } from './contract-schema.ts'
import { inputsSchema } from './inputs/read-inputs.ts'
import { llm } from './llm/llm-schema.ts'
import { coded, count, flag, must, text } from './schemas.ts'
import { toolList } from './tool-list.ts'

/** 30 days. */
const MAX_HORIZON_SECONDS = 2_592_000
const HORIZON = `a whole number of seconds, up to ${MAX_HORIZON_SECONDS}`

export function agentSchema(toolSources: readonly ToolSource[]) {
  return z.object({
    role: text,
    goal: text,
    backstory: text,
    llm: llm.exactOptional(),
    tools: toolList(toolSources),
    maxIter: count(1).default(DEFAULT_MAX_ITER),
    allowDelegation: flag.default(false),
  })
}

/** What a task may refer to. */
export interface Surroundings {
  readonly process: Process
  /** Keys of all agents; null: unknown, and not checked. */
  readonly agents: readonly string[] | null
  readonly manager: string | null
  readonly task: string
  readonly earlierTasks: readonly string[]
  readonly laterTasks: readonly string[]
  readonly toolSources: readonly ToolSource[]
}

export function taskSchema(around: Surroundings) {
  const { agents, manager, process } = around
  return z.object({
    name: text.default(around.task),
    description: text,
    // CrewAI takes an empty one.
    expectedOutput: z.string({ error: must('a text') }).trim(),
    agent: agentKey(agents)
      .refine((key) => key !== manager, {
        error: 'is the manager, which hands tasks to the others',
      })
      .nullable()
      .default(null)
      .refine((key) => key !== null || process === 'hierarchical', {
        error: `is missing; in a sequential crew every task names its agent, one of: ${list(agents)}`,
        params: coded('task-without-agent'),
      }),
    context: z
      .array(contextTask(around), { error: must('a list of task names') })
      .nullable()
      .transform((names) => names ?? [])
      .exactOptional(),
    tools: toolList(around.toolSources),
    humanInput: flag.default(false),
    outputFile: text.nullable().default(null),
  })
}

function contextTask({ task, earlierTasks, laterTasks }: Surroundings) {
  return text.refine((name) => isAmong(earlierTasks, name), {
    params: coded('unknown-task'),
    error: ({ input }) => {
      if (input === task) return 'a task cannot be its own context'
      const wrong = laterTasks.some((name) => name === input)
        ? `task ${describeValue(input)} runs later`
        : `there is no task ${describeValue(input)}`
      return `${wrong}; earlier tasks: ${list(earlierTasks)}`
    },
  })
}

function agentKey(agents: readonly string[] | null) {
  return text.refine((key) => isAmong(agents, key), {
    params: coded('unknown-agent'),
    error: ({ input }) =>
      `there is no agent ${describeValue(input)}; agents of this crew: ${list(agents)}`,
  })
}

/** @param agents keys of all agents, one of which may be the manager; null: unknown, and not checked */
export function crewSchema(agents: readonly string[] | null, { spell }: Notation) {
  const shape = {
    description: text.nullable().default(null),
    version: versionLabel.nullable().default(null),
    process: z
      .enum(['sequential', 'hierarchical'], { error: must('sequential or hierarchical') })
      .default('sequential'),
    managerLlm: llm.exactOptional(),
    managerAgent: agentKey(agents).nullable().default(null),
    inputs: inputsSchema,
    inputAliases: inputAliases.default({}),
    modelRetryHorizonSeconds: z
      .int({ error: must(HORIZON) })
      .min(0, { error: must(HORIZON) })
      .max(MAX_HORIZON_SECONDS, { error: must(HORIZON) })
      .nullable()
      .default(null),
  }
  return z
    .object(shape)
    .refine(
      ({ process, managerLlm, managerAgent }) =>
        process !== 'hierarchical' || managerLlm !== undefined || managerAgent !== null,
      {
        error: `hierarchical needs a manager: ${spell('managerAgent')}, the key of an agent, or ${spell('managerLlm')}, a model`,
        path: ['process'],
        params: coded('manager-missing'),
        // Also when other fields are wrong, so that everything is reported at once.
        when: () => true,
      },
    )
}

/** An empty name is wrong already, for being empty. */
function isAmong(names: readonly string[] | null, name: string): boolean {
  return name === '' || names === null || names.includes(name)
}

function list(names: readonly string[] | null): string {
  return names?.join(', ') || 'none'
}
