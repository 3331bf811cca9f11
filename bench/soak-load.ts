import { setTimeout as delay } from 'node:timers/promises'
import type { ReceivedRequest } from '../test/harness/receiver.ts'
import type { CrewFiles } from '../test/harness/write-crews.ts'
import type { Client } from './call.ts'

/** Runs that begin at a steady rate, are polled to their ends, and tell their webhooks. */
export interface SoakLoad {
  /** Kicks off until the signal is aborted. Resolves when all runs have ended. */
  run(signal: AbortSignal): Promise<void>
  received(request: ReceivedRequest): void
  finished(): number
  /** A line each. */
  readonly errors: readonly string[]
  /** Messages that runs which have ended still owe. */
  owed(): number
}

interface SoakLoadOptions {
  readonly client: Client
  readonly runsPerSecond: number
  readonly pollMs: number
  readonly receiverUrl: string
}

/** Of each task its end; of each task its answer, and a tool call; the end of the crew. */
const MESSAGES = 2 + 3 + 1
const MAX_RUN_MS = 120_000

export const SOAK_CREW: CrewFiles = {
  'config/agents.yaml': `
researcher: { role: Researcher, goal: Find facts, backstory: You read a lot., tools: [look_up] }
writer: { role: Writer, goal: Write well, backstory: You write. }
`,
  'config/tasks.yaml': `
research_task: { description: 'Research {topic}', expected_output: Notes, agent: researcher }
write_task: { description: 'Write about {topic}', expected_output: 'A text', agent: writer }
`,
  'tools/look_up.ts': `
import { defineTool } from 'coxswain'
import { z } from 'zod'

export default defineTool({
  name: 'look_up',
  description: 'Looks a fact up.',
  parameters: z.object({ word: z.string() }),
  execute: ({ word }) => ({ word, facts: Array.from({ length: 20 }, (_, index) => word + index) }),
})
`,
}

export function createSoakLoad(options: SoakLoadOptions): SoakLoad {
  const { client, runsPerSecond, pollMs, receiverUrl } = options
  const errors: string[] = []
  const owed = new Map<string, number>()
  let finished = 0
  let jobs = 0

  async function kickoff(): Promise<string> {
    jobs += 1
    const body = {
      inputs: { topic: `tides ${jobs}` },
      taskWebhookUrl: receiverUrl,
      stepWebhookUrl: receiverUrl,
      crewWebhookUrl: receiverUrl,
    }
    const { kickoff_id: id } = JSON.parse(await client.post('/kickoff', body))
    // The first message may have come before this answer.
    owed.set(id, (owed.get(id) ?? 0) + MESSAGES)
    return id
  }

  async function follow(id: string): Promise<void> {
    const deadline = performance.now() + MAX_RUN_MS
    while (performance.now() < deadline) {
      await delay(pollMs)
      const { state, error } = JSON.parse(await client.get(`/status/${id}`))
      if (state === 'FAILED') throw new Error(`${id} failed: ${error}`)
      if (state === 'SUCCESS') {
        finished += 1
        return
      }
    }
    throw new Error(`${id} did not end`)
  }

  return {
    errors,
    finished: () => finished,
    owed: () => [...owed.values()].reduce((sum, count) => sum + count, 0),
    received({ body }) {
      const { kickoff_id: id } = JSON.parse(body)
      const left = (owed.get(id) ?? 0) - 1
      if (left === 0) owed.delete(id)
      else owed.set(id, left)
    },
    async run(signal) {
      const runs = new Set<Promise<void>>()
      const startedAt = performance.now()
      while (!signal.aborted) {
        const run = kickoff()
          .then(follow)
          .catch((error: Error) => {
            errors.push(error.message)
          })
          .finally(() => runs.delete(run))
        runs.add(run)
        // By the clock, so that the rate is what it says also when a turn is late.
        await delay(Math.max(0, startedAt + (1000 * jobs) / runsPerSecond - performance.now()))
      }
      await Promise.all(runs)
    },
  }
}
