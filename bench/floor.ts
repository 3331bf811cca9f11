import { randomUUID } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import fastify from 'fastify'
import { OpenAI } from 'openai'

// The least that a run of two tasks can cost: bare Fastify, an insert that is on disk before the kickoff is answered,
// two calls through the openai SDK, an update that is on disk at the end, and a row read for each poll.
const database = new Sqlite(process.env['FLOOR_DATABASE'])
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('CREATE TABLE runs (id TEXT PRIMARY KEY, inputs TEXT NOT NULL, result TEXT)')
const insert = database.prepare('INSERT INTO runs VALUES (?, ?, NULL)')
const update = database.prepare('UPDATE runs SET result = ? WHERE id = ?')
const select = database.prepare('SELECT result FROM runs WHERE id = ?').pluck()

interface Kickoff {
  readonly inputs: { readonly topic: string; readonly size?: string }
}

const baseURL = process.env['OPENAI_BASE_URL']
const client = baseURL === undefined ? null : new OpenAI({ apiKey: 'none', baseURL })

async function answer(of: OpenAI, system: string, user: string, idempotencyKey: string) {
  const { choices } = await of.chat.completions.create(
    {
      model: 'gpt-4o-mini',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
    },
    { headers: { 'Idempotency-Key': idempotencyKey } },
  )
  return choices[0]?.message.content ?? ''
}

async function run(id: string, of: OpenAI, { topic, size = '' }: Kickoff['inputs']) {
  const notes = await answer(of, RESEARCHER, `${RESEARCH} ${topic} ${size}`, `${id}/1`)
  const text = await answer(of, WRITER, `${WRITE} ${topic}.\n\n${notes}\n\n${size}`, `${id}/2`)
  update.run(JSON.stringify({ output: text, tasks: [notes, text] }), id)
}

const RESEARCHER = 'You are a Researcher. You read a lot.\nYour personal goal is: Find facts'
const WRITER = 'You are a Writer. You write.\nYour personal goal is: Write well'
const RESEARCH = 'Current Task: Research and give notes about'
const WRITE = 'Current Task: Write a text of a page, out of these notes, about'

const app = fastify()
app.post<{ Body: Kickoff }>('/kickoff', async ({ body }) => {
  const id = randomUUID()
  insert.run(id, JSON.stringify(body))
  if (client !== null) run(id, client, body.inputs).catch((error) => console.error(error))
  return { kickoff_id: id }
})
app.get<{ Params: { id: string } }>('/status/:id', async ({ params: { id } }) => {
  const result = select.get(id) as string | null
  const state = result === null ? 'RUNNING' : 'SUCCESS'
  return { kickoff_id: id, state, result: result === null ? null : JSON.parse(result) }
})
console.log(`floor listens on ${await app.listen({ port: 0 })}`)
