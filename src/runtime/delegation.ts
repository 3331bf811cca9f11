import { z } from 'zod'
import type { Agent } from '../crew/agent.ts'
import { messageOf } from '../errors.ts'
import { ModelError } from '../llm/model.ts'
import { parseArguments } from '../tools/parse-arguments.ts'
import type { ToolResult } from '../tools/tool.ts'
import { toolSchema } from '../tools/tool-schema.ts'
import { type AgentTool, createToolbox, toAgentTool } from '../tools/toolbox.ts'
import {
  askDescription,
  COWORKER_EXPECTED_OUTPUT,
  coworkerFailed,
  coworkerNotFound,
  delegateDescription,
  openingMessages,
  DELEGATION_PARAMETERS as TEXTS,
} from './prompts.ts'
import { runAgent } from './run-agent.ts'
import type { TaskExecution } from './steps/agent-execution.ts'

interface Delegation {
  readonly description: string
  readonly context: string
  readonly coworker: string
}

const text = (description: string) => z.string().describe(description)
const COWORKER = { context: text(TEXTS.context), coworker: text(TEXTS.coworker) }

const DELEGATE = z.preprocess(
  renameCoworker,
  z
    .object({ task: text(TEXTS.task), ...COWORKER })
    .transform(({ task, ...rest }): Delegation => ({ description: task, ...rest })),
)
const ASK = z.preprocess(
  renameCoworker,
  z
    .object({ question: text(TEXTS.question), ...COWORKER })
    .transform(({ question, ...rest }): Delegation => ({ description: question, ...rest })),
)

/**
 * The two tools by which an agent gives work to coworkers; none when there are no coworkers. A coworker works in a
 * conversation of its own, with its own tools and without a person's review, and cannot delegate further: two agents
 * that hand a task to each other would never end. Source: CrewAI's agent tools, names and tolerances.
 */
export function delegationTools(
  execution: TaskExecution,
  coworkers: readonly Agent[],
): readonly AgentTool[] {
  if (coworkers.length === 0) return []
  const roles = coworkers.map(({ role }) => role)
  const tool = (
    name: string,
    description: string,
    parameters: z.ZodType<Delegation>,
  ): AgentTool => ({
    spec: { name, description, parameters: toolSchema(parameters) },
    resultAsAnswer: false,
    isStep: false,
    onCrash: 'retry',
    async call({ arguments: args, key }) {
      const parsed = await parseArguments(parameters, args)
      if ('error' in parsed) return { text: parsed.error, failed: true }
      const coworker = findCoworker(coworkers, parsed.value.coworker)
      if (coworker) return delegate(execution, coworker, parsed.value, key)
      return { text: coworkerNotFound(parsed.value.coworker, roles), failed: true }
    },
  })
  return [
    tool('delegate_work_to_coworker', delegateDescription(roles), DELEGATE),
    tool('ask_question_to_coworker', askDescription(roles), ASK),
  ]
}

async function delegate(
  execution: TaskExecution,
  coworker: Agent,
  { description, context }: Delegation,
  key: string,
): Promise<ToolResult> {
  const tools = createToolbox(coworker.tools.map(toAgentTool))
  const request = { description, expectedOutput: COWORKER_EXPECTED_OUTPUT, context }
  try {
    const answer = await runAgent(
      { ...execution, agent: coworker, key, tools },
      openingMessages(coworker, request),
    )
    return { text: answer.text, failed: false, outputStep: answer.step }
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    return { text: coworkerFailed(coworker.role, messageOf(error)), failed: true }
  }
}

/** Models now and then write `co_worker`. */
function renameCoworker(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || !('co_worker' in args)) return args
  const { co_worker: coworker, ...rest } = args
  return { coworker, ...rest }
}

/** By role, whatever its case, quotes and white space; of a list like `[A, B]` the first. */
function findCoworker(coworkers: readonly Agent[], given: string): Agent | undefined {
  const first = /^\s*\[(.*)\]\s*$/s.exec(given)?.[1]?.split(',')[0] ?? given
  return coworkers.find(({ role }) => normalized(role) === normalized(first))
}

function normalized(role: string): string {
  return role
    .replace(/["'`“”‘’]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}
