import type { ModelCall } from '../test/harness/model-server.ts'
import type { CrewFiles } from '../test/harness/write-crews.ts'

/** Ways in which a tool can harm the process that it runs in: bodies of `execute`. */
export const POISONS = {
  'throws later': `setTimeout(() => { throw new Error('later than its call') }, 50)
    return 'done'`,
  'throws meanwhile': `setTimeout(() => { throw new Error('outside of its call') }, 50)
    await delay(500)
    return 'done'`,
  'error event': `const client = new EventEmitter()
    setTimeout(() => client.emit('error', new Error('nobody listens')), 20)
    await delay(300)
    return 'done'`,
  rejection: `void Promise.reject(new Error('nobody waits'))
    await delay(300)
    return 'done'`,
  'endless loop': 'for (;;);',
  'process.exit': 'process.exit(3)',
  // What an earlier call holds is let go, so that a process without a limit comes to 2 GB and no further.
  '2 GB of buffers': `held.length = 0
    for (let count = 0; count < 32; count += 1) held.push(Buffer.alloc(2 ** 26, 1))
    await delay(5_000)
    return held.length`,
  // An array of such numbers takes 8 bytes each.
  '2 GB of heap': `held.length = 0
    for (let count = 0; count < 256; count += 1) held.push(new Array(2 ** 20).fill(count + 0.5))
    await delay(5_000)
    return held.length`,
} as const
export type Poison = keyof typeof POISONS

const TASKS = 6
const TOOL_TIMEOUT_MS = 2_000
const POISONED = 'the poisoned one'

const agents = (tools: string) =>
  `worker: { role: Worker, goal: Work, backstory: You work., tools: [${tools}] }`
const tasks = Array.from(
  { length: TASKS },
  (_, index) =>
    `task_${index + 1}: { description: 'Part ${index + 1} of {job}', expected_output: A text, agent: worker, context: [] }`,
).join('\n')

/** `shared` has the poisonous tool beside a good one that most of its runs call; `plain` has no tools. */
export function poisonCrews(poison: Poison): Readonly<Record<string, CrewFiles>> {
  return {
    plain: { 'config/agents.yaml': agents(''), 'config/tasks.yaml': tasks },
    shared: {
      'config/agents.yaml': agents('good, poison'),
      'config/tasks.yaml': tasks,
      'tools/good.ts': toolFile('good', `await delay(100)\n    return 'a fact'`),
      'tools/poison.ts': toolFile('poison', POISONS[poison]),
    },
  }
}

export const jobOf = (index: number | null) => (index === null ? POISONED : `job ${index}`)

/** Calls a tool once in each task, when there is one; the poisonous one only where it is asked for. */
export function poisonAnswer({ body }: ModelCall): Readonly<Record<string, unknown>> | undefined {
  const { messages, tools } = body
  if (tools === undefined || messages.some(({ role }) => role === 'tool')) return undefined
  const isPoisoned = messages.some(({ content }) => content?.includes(POISONED))
  const name = isPoisoned ? 'poison' : 'good'
  const call = { id: 'call_1', type: 'function', function: { name, arguments: '{}' } }
  return { content: null, tool_calls: [call] }
}

function toolFile(name: string, body: string): string {
  return `
import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { defineTool } from 'coxswain'
import { z } from 'zod'

const held: unknown[] = []

export default defineTool({
  name: '${name}',
  description: 'Does something.',
  parameters: z.object({}),
  timeoutMs: ${TOOL_TIMEOUT_MS},
  async execute() {
    ${body}
  },
})
`
}
