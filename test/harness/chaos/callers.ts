import { setTimeout as delay } from 'node:timers/promises'
import { type Call, RETRY_MS } from './client.ts'

/** Those who kick runs off and follow them to their ends. */
export interface Callers {
  /** Runs whose kickoff was answered. */
  readonly accepted: ReadonlySet<string>
  /** Of `accepted`, those that are over, with what their status said. */
  readonly ended: ReadonlyMap<string, string>
  /** Kickoffs whose answer was cut off: they may have made a run. */
  unanswered(): number
  /** What should not have been answered so, a line each. */
  readonly wrong: readonly string[]
  /** Keeps so many runs under way, until `stop`. */
  start(runs: number): void
  /** Kicks no more off. Resolves when all runs that were accepted have ended, or the time is over. */
  stop(withinMs: number): Promise<void>
}

const POLL_MS = 1_000

export function createCallers(call: Call, webhookUrl: string): Callers {
  const accepted = new Set<string>()
  const ended = new Map<string, string>()
  const wrong: string[] = []
  let unanswered = 0
  let jobs = 0
  let isStopping = false
  let deadline = Number.POSITIVE_INFINITY
  let working: Promise<unknown> = Promise.resolve()

  async function kickoff(): Promise<string | null> {
    jobs += 1
    const answer = await call('/kickoff', {
      inputs: { job: jobs },
      taskWebhookUrl: `${webhookUrl}/task`,
      stepWebhookUrl: `${webhookUrl}/step`,
      crewWebhookUrl: `${webhookUrl}/crew`,
      humanInputWebhookUrl: `${webhookUrl}/human`,
    })
    if (answer?.status === 200) {
      accepted.add(answer.body.kickoff_id)
      return answer.body.kickoff_id
    }
    if (answer === null) unanswered += 1
    else wrong.push(`kickoff: ${answer.status} ${JSON.stringify(answer.body)}`)
    await delay(RETRY_MS)
    return null
  }

  /** How it ended; null: not yet, or the server is dead. */
  async function endOf(runId: string): Promise<string | null> {
    const answer = await call(`/status/${runId}`)
    if (answer === null) return null
    const { status, body } = answer
    if (status !== 200) wrong.push(`status of ${runId}: ${status}`)
    if (status === 200 && body.state !== 'SUCCESS' && body.state !== 'FAILED') return null
    return body.error ? `${body.state}: ${body.error}` : body.state
  }

  async function drive(): Promise<void> {
    while (!isStopping) {
      const runId = await kickoff()
      while (runId !== null && !ended.has(runId) && performance.now() < deadline) {
        await delay(POLL_MS)
        const end = await endOf(runId)
        if (end !== null) ended.set(runId, end)
      }
    }
  }

  return {
    accepted,
    ended,
    wrong,
    unanswered: () => unanswered,
    start(runs) {
      working = Promise.all(Array.from({ length: runs }, drive))
    },
    async stop(withinMs) {
      isStopping = true
      deadline = performance.now() + withinMs
      await working
    },
  }
}
