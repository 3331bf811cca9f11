import { setTimeout as delay } from 'node:timers/promises'
import type { ModelAnswer, ModelCall } from '../model-server.ts'
import type { CrewFiles } from '../write-crews.ts'

/** The crew that is killed, what its model does, and what follows from both. */

const TASKS = ['gather_task', 'sort_task', 'reply_task', 'check_task', 'write_task', 'file_task']
/** Tool calls of `gather_task`: two side by side, then one. */
const TOOL_CALLS = 3
/** Of runs whose reply a person sends back once. */
const REJECTED_SHARE = 0.3

const AGENTS = `
gatherer: { role: Gatherer, goal: Gather facts, backstory: You look things up., tools: [look_up] }
worker: { role: Worker, goal: Work, backstory: You work. }
`

const lineOf = (name: string) => {
  const agent = name === 'gather_task' ? 'gatherer' : 'worker'
  const asks = name === 'reply_task' ? ', human_input: true' : ''
  return `${name}: { description: '${name} of job {job}', expected_output: A text, agent: ${agent}, context: []${asks} }`
}

interface Outside {
  /** Where tool calls are counted. */
  readonly toolUrl: string
  /** Holds the number of the server's life. */
  readonly lifeFile: string
}

export function chaosCrew({ toolUrl, lifeFile }: Outside): CrewFiles {
  return {
    'config/agents.yaml': AGENTS,
    'config/tasks.yaml': TASKS.map(lineOf).join('\n'),
    'tools/look_up.ts': `
import { readFileSync } from 'node:fs'
import { defineTool } from 'coxswain'
import { z } from 'zod'

// Read once: a process that outlives its server still says whose it was.
const life = readFileSync(${JSON.stringify(lifeFile)}, 'utf8')

export default defineTool({
  name: 'look_up',
  description: 'Looks a fact up.',
  parameters: z.object({ call: z.string() }),
  execute: async ({ call }, { signal }) => {
    const body = JSON.stringify({ call, life })
    const response = await fetch(${JSON.stringify(toolUrl)}, { method: 'POST', signal, body })
    return response.text()
  },
})
`,
  }
}

/** What a run must have done by its end. */
export interface Expected {
  readonly modelCalls: number
  readonly toolCalls: number
  /** Facts that webhooks tell of, by kind. */
  readonly webhooks: Readonly<Record<WebhookKind, number>>
}

export type WebhookKind = 'task' | 'step' | 'crew' | 'human'

export function expectedOf(runId: string): Expected {
  const rejections = isRejected(runId, 1) ? 1 : 0
  const answers = TASKS.length + rejections
  return {
    // The gatherer calls its tools in two replies, and answers in a third.
    modelCalls: answers + 2,
    toolCalls: TOOL_CALLS,
    webhooks: { task: TASKS.length, step: answers + TOOL_CALLS, crew: 1, human: 1 + rejections },
  }
}

/** Whether the person sends back what they are shown for the n-th time; it follows from the run alone. */
export function isRejected(runId: string, round: number): boolean {
  return round === 1 && Number.parseInt(runId.slice(0, 2), 16) < REJECTED_SHARE * 256
}

/** A model that calls each tool before it answers. What it says follows from the request alone. */
function chaosAnswer({ body, idempotencyKey }: ModelCall): object | undefined {
  const results = body.messages.filter(({ role }) => role === 'tool').length
  if (body.tools === undefined || results >= TOOL_CALLS) return undefined
  const calls = results === 0 ? [1, 2] : [1]
  return {
    content: null,
    tool_calls: calls.map((index) => ({
      id: `call_${results + index}`,
      type: 'function',
      function: {
        name: 'look_up',
        arguments: JSON.stringify({ call: toolKey(idempotencyKey, index) }),
      },
    })),
  }
}

/** The step key of a reply's n-th tool call: `…/tool/2.1` for the first of `…/llm/2`. */
function toolKey(modelKey: string, index: number): string {
  return `${modelKey.replace(/\/llm\/(\d+)$/, '/tool/$1')}.${index}`
}

/** The answer after a time from half to one and a half of `latencyMs`, told of when it is due. */
export function late(
  call: ModelCall,
  latencyMs: number,
  onDue: () => void,
): Extract<ModelAnswer, { after?: unknown }> {
  const message = chaosAnswer(call)
  const share = 0.5 + Number.parseInt(call.hash.slice(0, 4), 16) / 0xffff
  const after = delay(latencyMs * share).then(onDue)
  return { ...(message && { message: message as Readonly<Record<string, unknown>> }), after }
}
