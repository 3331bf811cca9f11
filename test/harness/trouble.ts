import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { sql } from 'kysely'
import type { Database } from '../../src/db/database.ts'

const PAGE_BYTES = 4096

/** Lets the file grow no more, as on a disk that is full, until it is called. */
export async function fillDisk({ db }: Database): Promise<() => Promise<void>> {
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db)
  const count = sql.lit(rows[0]?.page_count ?? 0)
  await sql`pragma max_page_count = ${count}`.execute(db)
  return async () => {
    await sql`pragma max_page_count = 1000000`.execute(db)
  }
}

/** Writes garbage over every page of a closed database that holds this text. Returns how many those were. */
export function scribble(path: string, text: string): number {
  const file = openSync(path, 'r+')
  const page = Buffer.alloc(PAGE_BYTES)
  const count = statSync(path).size / PAGE_BYTES
  let hits = 0
  for (let at = PAGE_BYTES; at < count * PAGE_BYTES; at += PAGE_BYTES) {
    readSync(file, page, 0, PAGE_BYTES, at)
    if (!page.includes(text)) continue
    writeSync(file, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, at)
    hits += 1
  }
  closeSync(file)
  return hits
}
