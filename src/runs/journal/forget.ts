import { sql } from 'kysely'
import type { RunFact } from '../event.ts'
import { type Follower, toFact } from './journal.ts'

/** An event as far as forgetting goes. */
export interface KeyedEvent {
  readonly seq: number
  readonly key: string
  readonly fact: RunFact
  /** Of its output. */
  readonly characters: number
}

/**
 * What a run that is retried must not remember: what failed it. Only tasks that are not finished are looked at. What is
 * forgotten of them: that they were started and have failed, so that both can be said again; model calls that failed;
 * replies without a word in a row at the end, for which an agent is given up. What failed in work that was delegated,
 * and was told as the result of it, stays: others have answered to that.
 *
 * @param events of the run that have a key, in their order
 * @returns their `seq`
 */
export function toForget(events: readonly KeyedEvent[]): readonly number[] {
  const finished = tasksOf(events, 'task_completed')
  const results = events.flatMap(({ key, fact }) => (isToolResult(fact) ? [`${key}/`] : []))
  const open = events.filter(
    ({ key, fact }) =>
      'task' in fact.data &&
      !finished.has(fact.data.task) &&
      !results.some((result) => key.startsWith(result)),
  )
  const steps = new Set([...failedCalls(open), ...lastEmptyReplies(open)])
  const keys = new Set([...steps].flatMap((key) => [key, `${key}/started`]))
  return open
    .filter(
      ({ key, fact: { type } }) =>
        type === 'task_started' || type === 'task_failed' || keys.has(key),
    )
    .map(({ seq }) => seq)
}

function tasksOf(events: readonly KeyedEvent[], type: 'task_completed'): ReadonlySet<string> {
  return new Set(events.flatMap(({ fact }) => (fact.type === type ? [fact.data.task] : [])))
}

function isToolResult({ type }: RunFact): boolean {
  return type === 'tool_usage_finished' || type === 'tool_usage_error'
}

function failedCalls(events: readonly KeyedEvent[]): readonly string[] {
  return events.filter(({ fact }) => fact.type === 'llm_call_failed').map(({ key }) => key)
}

/** Of each conversation. */
function lastEmptyReplies(events: readonly KeyedEvent[]): readonly string[] {
  const replies = events.filter(({ fact }) => fact.type === 'llm_call_completed')
  const conversations = Map.groupBy(replies, ({ key }) => key.slice(0, key.lastIndexOf('/')))
  return [...conversations.values()].flatMap((conversation) => {
    const lastWord = conversation.findLastIndex((reply) => !isEmpty(reply))
    return conversation.slice(lastWord + 1).map(({ key }) => key)
  })
}

function isEmpty({ fact, characters }: KeyedEvent): boolean {
  return fact.type === 'llm_call_completed' && fact.data.toolCalls.length === 0 && characters === 0
}

/** Stands in the keys of what is forgotten, and in no other. */
const FORGOTTEN = '~'

/** How often what stood under a key was forgotten. */
export function countForgotten(keys: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) {
    const end = key.indexOf(FORGOTTEN)
    if (end === -1) continue
    const forgotten = key.slice(0, end)
    counts.set(forgotten, (counts.get(forgotten) ?? 0) + 1)
  }
  return counts
}

/** A run that is retried forgets what failed it. The events stay, under keys that nobody asks for. */
export const forgetFailures: Follower = async (tx, run, events) => {
  const retried = events.find(({ type }) => type === 'run_retried')
  if (retried === undefined) return undefined
  const rows = await tx
    .selectFrom('journal')
    .select(['seq', 'key', 'type', 'data'])
    .select(sql<number>`coalesce(length(${sql.ref('output')}), 0)`.as('characters'))
    .where('runId', '=', run.id)
    .where('key', 'not like', `%${FORGOTTEN}%`)
    .orderBy('seq')
    .execute()
  const seqs = toForget(rows.map((row) => ({ ...row, key: row.key ?? '', fact: toFact(row) })))
  if (seqs.length === 0) return undefined
  await tx
    .updateTable('journal')
    .set({ key: sql<string>`${sql.ref('key')} || ${`${FORGOTTEN}${retried.seq}`}` })
    .where('runId', '=', run.id)
    .where('seq', 'in', seqs)
    .execute()
  return undefined
}
