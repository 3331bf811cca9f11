import { expect, test } from 'vitest'
import { startModelServer } from '../harness/model-server.ts'
import { spawnModelServer } from '../harness/spawned-server.ts'
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

test('the model server in its own process answers as long as the prompt asks for', async () => {
  const { baseUrl, stop } = await spawnModelServer(0)
  const { model } = connect(baseUrl)

  const short = await model.complete(ask('Hi'), never)
  const long = await model.complete(ask('Tell it in 2500 characters, please'), never)
  stop()

  expect(short.content).toMatch(/^Answer /)
  expect(long.content).toHaveLength(2500)
})
