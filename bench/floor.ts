import { randomUUID } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import fastify from 'fastify'
import { report } from './measured-process.ts'

// The least that accepting a kickoff can cost: bare Fastify, and one insert that is on disk before the answer.
const database = new Sqlite(process.env['FLOOR_DATABASE'])
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('CREATE TABLE runs (id TEXT PRIMARY KEY, inputs TEXT NOT NULL)')
const insert = database.prepare('INSERT INTO runs VALUES (?, ?)')

const app = fastify()
app.post('/kickoff', async (request) => {
  const id = randomUUID()
  insert.run(id, JSON.stringify(request.body))
  return { kickoff_id: id }
})
report(await app.listen({ port: 0 }))
