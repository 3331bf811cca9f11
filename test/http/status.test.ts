import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { startModelServer } from '../harness/model-server.ts'
import { startReceiver } from '../harness/receiver.ts'
import { startTestServer } from '../harness/server.ts'

const TASKS = 20
const OUTPUT_CHARACTERS = 50_000

/** Tasks of one agent that do not read each other. */
function wideCrew(tasks: number) {
  const lines = Array.from(
    { length: tasks },
    (_, index) =>
      `task_${index}: { description: 'Do {topic} ${index}', expected_output: A text, agent: worker, context: [] }`,
  )
  return {
    'config/agents.yaml': `worker: { role: 'Worker on {topic}', goal: Work, backstory: You work. }`,
    'config/tasks.yaml': lines.join('\n'),
  }
}

/** Answers of the n-th call, all different. */
const outputOf = (n: number) => `${n} `.padEnd(OUTPUT_CHARACTERS, `${n}x`)

test('each output is stored once, however many tell of it', async () => {
  await using receiver = await startReceiver()
  await using model = await startModelServer({
    answers: ({ number }) => ({ message: { content: outputOf(number) } }),
  })
  const env = { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl }
  const server = await startTestServer({
    crews: { wide: wideCrew(TASKS) },
    env: { ...env, OUTBOUND_ALLOWED_HOSTS: '127.0.0.1' },
  })
  const runId = await server.kickoff({
    inputs: { topic: 'tides' },
    taskWebhookUrl: `${receiver.url}/task`,
    crewWebhookUrl: `${receiver.url}/crew`,
  })
  const ended = await server.until(runId, 'SUCCESS')
  expect(ended.last_executed_task.output).toBe(ended.result.output)
  expect(ended.tasks).toMatchObject(Array(TASKS).fill({ output: null }))
  const outputs = ended.result.tasks.map(({ output }: { output: string }) => output)
  expect(new Set(outputs).size).toBe(TASKS)
  await receiver.until((requests) => requests.length === TASKS + 1)
  await server.close()

  const database = new Sqlite(`${server.directory}/data/coxswain.db`)
  const count = (table: string, column: string) =>
    database.prepare(`select sum(length(${column})) as size from ${table}`).get() as {
      size: number | null
    }
  expect(count('journal', 'output').size).toBe(TASKS * OUTPUT_CHARACTERS)
  expect(count('journal', 'data').size).toBeLessThan(TASKS * 2_000)
  expect(count('runs', 'progress').size).toBeLessThan(2_000)
  database.close()
  await server[Symbol.asyncDispose]()
})

test('while a run goes on, long outputs are in its status only when they are asked for', async () => {
  const held = Promise.withResolvers<void>()
  await using model = await startModelServer({
    answers: ({ number }) => ({
      message: { content: outputOf(number) },
      ...(number === 4 && { after: held.promise }),
    }),
  })
  await using server = await startTestServer({
    crews: { wide: wideCrew(4) },
    env: { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl },
  })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  const until = async (completed: number) => {
    for (;;) {
      const { body } = await server.get(`/status/${runId}`)
      if (body.progress.completed === completed) return body
    }
  }
  const short = await until(3)
  const long = (await server.get(`/status/${runId}?include=tasks`)).body
  held.resolve()

  expect(short.tasks).toMatchObject([
    { task_id: 'task_0', output: null, agent: 'Worker on tides' },
    { output: null },
    { output: null },
  ])
  expect(short.last_executed_task).toMatchObject({ output: null, description: 'Do tides 2' })
  expect(JSON.stringify(short).length).toBeLessThan(25_000)
  expect(long.tasks[0].output).toBe(outputOf(1))
  expect(long.last_executed_task.output).toBe(outputOf(3))
  await server.until(runId, 'SUCCESS')
})

test('a poller that has the newest status is told so without a body', async () => {
  await using server = await startTestServer()
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  await server.until(runId, 'SUCCESS')
  const ask = async (path: string, known?: string) => {
    const headers = {
      authorization: 'Bearer a token for tests',
      ...(known && { 'if-none-match': known }),
    }
    const response = await fetch(`${server.url}${path}`, { headers })
    return {
      status: response.status,
      tag: response.headers.get('etag'),
      text: await response.text(),
    }
  }

  for (const path of [`/status/${runId}`, `/${runId}/status`, `/runs/${runId}`]) {
    const first = await ask(path)
    expect(first.status).toBe(200)
    expect(await ask(path, first.tag ?? '')).toEqual({ status: 304, tag: first.tag, text: '' })
    expect((await ask(`${path}?result=string`, first.tag ?? '')).status).toBe(200)
  }
})
