import { type CompiledQuery, type Kysely, sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database, Tables, Tx } from '../../src/db/database.ts'
import { openOutbox } from './open-outbox.ts'
import { eventually, receive, startSender } from './start-sender.ts'

/** A database that tells of the statements that are built once. */
function watched(database: Database, queries: Map<string, CompiledQuery>): Database {
  function watch(db: Kysely<Tables>): Kysely<Tables> {
    const executeQuery: Kysely<Tables>['executeQuery'] = (query) => {
      if ('sql' in query) queries.set(query.sql, query as CompiledQuery)
      return db.executeQuery(query)
    }
    return {
      executeQuery,
      // Without a plugin they would take the short way to the database, past this.
      getExecutor: () => ({ adapter: db.getExecutor().adapter, plugins: [watch] }),
      selectFrom: db.selectFrom.bind(db),
      insertInto: db.insertInto.bind(db),
      updateTable: db.updateTable.bind(db),
      deleteFrom: db.deleteFrom.bind(db),
    } as unknown as Kysely<Tables>
  }
  return {
    ...database,
    db: watch(database.db),
    commit: (change) => database.commit((tx) => change(watch(tx) as Tx)),
  }
}

test.each(['relaxed', 'strict'] as const)(
  'no statement of the outbox looks through a table: order %s',
  async (order) => {
    await using receiver = await receive({ answers: [{}, { status: 500 }, 'close'] })
    await using opened = await openOutbox('sqlite::memory:', order)
    const queries = new Map<string, CompiledQuery>()
    const database = watched(opened.database, queries)
    const outbox = { ...opened, database }
    await using sender = startSender(outbox, { scheduleMs: Array(9).fill(20) })
    const runId = await opened.startRun()
    const messages = ['0', '1', '2', '3'].map((body) => ({ url: receiver.url, body }))
    sender.wake(await opened.put(runId, ...messages))
    await eventually(async () =>
      expect((await opened.list(runId)).every(({ status }) => status === 'delivered')).toBe(true),
    )

    const { db } = opened.database
    expect(queries.size).toBeGreaterThan(8)
    for (const { sql: text, parameters } of queries.values()) {
      // A bound status would make SQLite plan anew at each run, see `PENDING`.
      expect(text).not.toMatch(/where .*"status" = \?/)
      const parts = text.split('?')
      const bound = sql.join(
        parts.map((part, index) =>
          index < parameters.length
            ? sql`${sql.raw(part)}${parameters[index]}`
            : sql`${sql.raw(part)}`,
        ),
        sql``,
      )
      const { rows } = await sql<{ detail: string }>`explain query plan ${bound}`.execute(db)
      const plan = rows.map(({ detail }) => detail).join('; ')
      expect(`${text}: ${plan}`).not.toMatch(/: .*\bSCAN (deliveries|endpoints)/)
      expect(`${text}: ${plan}`).not.toMatch(/: .*USE TEMP B-TREE/)
    }
  },
)
