import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, type Call, RETRY_MS } from './client.ts'
import { isRejected } from './crew.ts'
import type { Message } from './mailbox.ts'

/** The person who judges what runs show them: sends some back once, and approves the rest. */
export interface Person {
  asked(question: Message): void
  /** `repeated`: an answer whose first try was applied although the server died before it said so. */
  readonly answers: { readonly given: number; readonly repeated: number }
  /** What should not have been answered so, a line each. */
  readonly wrong: readonly string[]
}

const MAX_THINK_MS = 1_000
/** A server that dies at each try has lost the run, which shows elsewhere. */
const MAX_TRIES = 30

export function createPerson(call: Call): Person {
  const answers = { given: 0, repeated: 0 }
  const wrong: string[] = []
  /** Questions so far, by run. */
  const rounds = new Map<string, number>()

  async function answer(question: Message): Promise<void> {
    const { kickoff_id: runId } = question
    const round = (rounds.get(runId) ?? 0) + 1
    rounds.set(runId, round)
    await delay(Math.random() * MAX_THINK_MS)
    const body = toResume(question, !isRejected(runId, round))
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const given = await call('/resume', body)
      if (given !== null) return count(given, { runId, isFirst: tries === 1 })
      await delay(RETRY_MS)
    }
  }

  function count(
    { status, body }: Answer,
    { runId, isFirst }: { readonly runId: string; readonly isFirst: boolean },
  ): void {
    if (status === 200) answers.given += 1
    else if (body.code === 'not_waiting' && !isFirst) answers.repeated += 1
    else wrong.push(`resume of ${runId}: ${status} ${JSON.stringify(body)}`)
  }

  return {
    answers,
    wrong,
    asked(question) {
      void answer(question)
    },
  }
}

function toResume({ kickoff_id, task_id, digest }: Message, isApproved: boolean): object {
  return {
    execution_id: kickoff_id,
    task_id,
    is_approve: isApproved,
    ...(digest !== undefined && { digest }),
    ...(!isApproved && { human_feedback: 'Say it more politely.' }),
  }
}
