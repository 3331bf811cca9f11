import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startModelServer } from '../harness/model-server.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { connect } from './connect.ts'
import { ask, never } from './samples.ts'

async function post(baseUrl: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'idempotency-key': 'key', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}

const user = { role: 'user', content: 'Hi' }

test.each<[string, unknown, string]>([
  ['no model', { messages: [user] }, 'model'],
  ['no messages', { model: 'm', messages: [] }, 'it has no messages'],
  ['an unknown role', { model: 'm', messages: [{ role: 'boss', content: 'Hi' }] }, 'role'],
  ['an unknown parameter', { model: 'm', messages: [user], stream: true }, 'stream'],
  [
    'a tool message without its call',
    { model: 'm', messages: [user, { role: 'tool', tool_call_id: 'x', content: 'y' }] },
    'not an unanswered call',
  ],
])('the model server refuses a request with %s', async (_, body, problem) => {
  await using server = await startModelServer()

  const { status, text } = await post(server.baseUrl, body)

  expect(status).toBe(400)
  expect(text).toContain(problem)
  expect(server.calls).toEqual([])
  expect(server.ledger).toMatchObject([{ hash: null, outcome: 'answered', status: 400 }])
})

test('the model server answers the same messages the same', async () => {
  await using one = await startModelServer()
  await using other = await startModelServer({ answers: ['close'] })

  const first = await connect(one.baseUrl).model.complete(ask('Hi'), never)
  const second = await connect(other.baseUrl).model.complete(ask('Hi'), never)
  const third = await connect(one.baseUrl).model.complete(ask('Ho'), never)

  expect(second).toEqual(first)
  expect(third.content).not.toBe(first.content)
})

test('the model server in its own process keeps a ledger of every request', async () => {
  using directory = temporaryDirectory()
  const ledgerFile = join(directory.path, 'ledger.jsonl')
  const main = fileURLToPath(new URL('../harness/model-server-process.ts', import.meta.url))
  using child = spawn(process.execPath, [main, '50', ledgerFile])
  const [line] = await once(child.stdout, 'data')
  const { port } = JSON.parse(String(line))
  const { model } = connect(`http://127.0.0.1:${port}/v1`)

  await model.complete(ask('Hi'), never)
  child.kill()
  await once(child, 'close')

  const [entry] = readFileSync(ledgerFile, 'utf8').trim().split('\n')
  expect(JSON.parse(entry ?? '')).toEqual({
    arrivedAtNs: expect.stringMatching(/^\d+$/),
    idempotencyKey: 'run-1/Hi',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    outcome: 'answered',
    status: 200,
  })
})
