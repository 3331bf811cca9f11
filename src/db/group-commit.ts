import type { Kysely } from 'kysely'
import type { Commit, Tables, Tx } from './database.ts'
import { troubleOf } from './trouble.ts'

interface Change {
  readonly apply: (tx: Tx) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * A transaction on SQLite never yields to the event loop, so a group is kept short: 100 appends took 5 to 16 ms,
 * and a stall above 50 ms would be felt by every request.
 */
const MAX_GROUP = 100
/** Large changes fill a group sooner: an output of 8 MB took 20 ms to be written, and as long to be committed. */
const MAX_GROUP_MS = 10

/** Makes a {@link Commit}, and `idle`, which resolves when nothing is left to commit. */
export function groupCommit(db: Kysely<Tables>): { commit: Commit; idle(): Promise<void> } {
  let waiting: Change[] = []
  let flushing: Promise<void> | null = null

  const commit: Commit = <T>(apply: (tx: Tx) => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ apply, resolve: resolve as Change['resolve'], reject })
      flushing ??= flush()
    })

  async function flush(): Promise<void> {
    do {
      await new Promise((resolve) => setImmediate(resolve))
      const group = waiting.slice(0, MAX_GROUP)
      waiting = waiting.slice(MAX_GROUP)
      waiting.unshift(...(await commitGroup(db, group)))
    } while (waiting.length > 0)
    flushing = null
  }

  return {
    commit,
    idle: async () => {
      await flushing
    },
  }
}

/** Returns the changes that there was no time for. */
async function commitGroup(
  db: Kysely<Tables>,
  group: readonly Change[],
): Promise<readonly Change[]> {
  try {
    const results = await db.transaction().execute((tx) => applyInTime(tx, group))
    for (const [index, result] of results.entries()) group[index]?.resolve(result)
    return group.slice(results.length)
  } catch (error) {
    if (group.length === 1 || isHopeless(error)) for (const change of group) change.reject(error)
    else for (const change of group) await commitGroup(db, [change])
    return []
  }
}

async function applyInTime(tx: Tx, group: readonly Change[]): Promise<readonly unknown[]> {
  const end = performance.now() + MAX_GROUP_MS
  const results: unknown[] = []
  for (const change of group) {
    results.push(await change.apply(tx))
    if (performance.now() > end) break
  }
  return results
}

/** On a failing disk each further try may take seconds, and none will do; on a full one, the smaller changes may fit. */
function isHopeless(error: unknown): boolean {
  return ['failing', 'readOnly'].includes(troubleOf(error) ?? '')
}
