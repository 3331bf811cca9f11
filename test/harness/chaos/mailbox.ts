import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Answer, ReceivedRequest } from '../receiver.ts'
import type { WebhookKind } from './crew.ts'

/** What every message must hold; the rest is the API's own business. */
const Message = z.looseObject({
  kickoff_id: z.uuid(),
  task_id: z.string().optional(),
  /** What was shown to a person, to be sent back with the answer. */
  digest: z.string().optional(),
  step_type: z.string().optional(),
  tool_input: z.string().nullish(),
  content: z.string().optional(),
  /** Counts the messages of a run to one address, from 1. */
  sequence: z.int().optional(),
})
export type Message = z.output<typeof Message>

/** A receiver that takes nothing on trust: signature, bytes, numbers, and that a fact is told by one message alone. */
export interface Mailbox {
  receive(request: ReceivedRequest): Answer
  /** Messages of a run, by kind, each counted once. */
  countOf(runId: string): Readonly<Record<WebhookKind, number>>
  /** What no receiver should see, a line each. */
  readonly wrong: readonly string[]
  readonly totals: { readonly received: number; readonly duplicates: number; readonly busy: number }
  /** Runs that messages told of. */
  runIds(): readonly string[]
  /** Numbers that are missing between the first and the last of a run and address; once everything has arrived. */
  gaps(): readonly string[]
}

export interface MailboxOptions {
  /** Of messages, that are first answered with 503. */
  readonly busyShare: number
  readonly random: () => number
  readonly onQuestion: (message: Message) => void
}

export function createMailbox({ busyShare, random, onQuestion }: MailboxOptions): Mailbox {
  const bytesOf = new Map<string, string>()
  const messageOf = new Map<string, string>()
  const counts = new Map<string, Record<WebhookKind, number>>()
  const sequences = new Map<string, Set<number>>()
  const wrong: string[] = []
  const totals = { received: 0, duplicates: 0, busy: 0 }

  function countOf(runId: string): Record<WebhookKind, number> {
    return counts.get(runId) ?? { task: 0, step: 0, crew: 0, human: 0 }
  }

  function refuse(reason: string): Answer {
    wrong.push(reason)
    return { status: 400, body: reason }
  }

  /** A new message, whose fact no other has told. */
  function take(kind: WebhookKind, id: string, message: Message): Answer {
    const { kickoff_id: runId, sequence } = message
    const fact = factOf(kind, message)
    const teller = messageOf.get(fact)
    if (teller !== undefined) return refuse(`${fact} is told by ${teller} and by ${id}`)
    messageOf.set(fact, id)
    const count = countOf(runId)
    counts.set(runId, { ...count, [kind]: count[kind] + 1 })
    if (sequence !== undefined) {
      const address = `${runId} ${kind}`
      sequences.set(address, (sequences.get(address) ?? new Set()).add(sequence))
    }
    if (kind === 'human') onQuestion(message)
    return {}
  }

  return {
    wrong,
    totals,
    countOf,
    runIds: () => [...counts.keys()],
    gaps: () => [...sequences].flatMap(([address, numbers]) => gapsOf(address, numbers)),
    receive({ path, headers, body, isVerified }) {
      totals.received += 1
      const id = String(headers['webhook-id'])
      if (!isVerified) return refuse(`${id} is not signed`)
      const parsed = Message.safeParse(JSON.parse(body))
      if (!parsed.success) return refuse(`${id}: ${z.prettifyError(parsed.error)}`)
      const bytes = createHash('sha256').update(body).digest('base64')
      const known = bytesOf.get(id)
      if (known !== undefined && known !== bytes) return refuse(`${id} has changed`)
      if (known === undefined && random() < busyShare) {
        bytesOf.set(id, bytes)
        totals.busy += 1
        return { status: 503 }
      }
      bytesOf.set(id, bytes)
      if (messageOf.get(factOf(kindOf(path), parsed.data)) === id) {
        totals.duplicates += 1
        return {}
      }
      return take(kindOf(path), id, parsed.data)
    },
  }
}

function kindOf(path: string): WebhookKind {
  return path.slice(1) as WebhookKind
}

/** What a message tells, so that two which tell the same are found. */
function factOf(kind: WebhookKind, message: Message): string {
  const { kickoff_id: runId, task_id: task, step_type: step, tool_input: input, content } = message
  if (kind === 'crew') return `${runId} crew`
  if (kind === 'step') return `${runId} ${task} ${step} ${input ?? content}`
  return `${runId} ${kind} ${task}`
}

function gapsOf(address: string, numbers: ReadonlySet<number>): readonly string[] {
  const most = Math.max(...numbers)
  return most === numbers.size ? [] : [`${address}: ${numbers.size} of ${most}`]
}
