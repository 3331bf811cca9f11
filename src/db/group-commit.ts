import type { Kysely } from 'kysely'
import type { Commit, Tables, Tx } from './database.ts'

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
      await commitGroup(db, group)
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

async function commitGroup(db: Kysely<Tables>, group: readonly Change[]): Promise<void> {
  // What a change threw; the transaction may end with another error, that it cannot be rolled back any more.
  let cause: unknown
  try {
    const results = await db.transaction().execute(async (tx) => {
      try {
        const values: unknown[] = []
        for (const change of group) values.push(await change.apply(tx))
        return values
      } catch (error) {
        cause = error
        throw error
      }
    })
    for (const [index, change] of group.entries()) change.resolve(results[index])
  } catch (error) {
    const [first, ...others] = group
    if (others.length === 0) return first?.reject(cause ?? error)
    for (const change of group) await commitGroup(db, [change])
  }
}
