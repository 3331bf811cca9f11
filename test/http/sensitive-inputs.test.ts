import { randomBytes } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { startReceiver } from '../harness/receiver.ts'
import { startTestServer } from '../harness/server.ts'

const SECRET = 'canary "4711"'

/** Two tasks that know the secret; a person reviews the first. */
const crews = {
  desk: {
    'config/agents.yaml':
      'clerk: { role: "Clerk of {account}", goal: Answer, backstory: "Your key is {key}." }',
    'config/tasks.yaml': `
reply_task: { description: 'Answer {letter} with {key}', expected_output: A reply, agent: clerk, human_input: true }
file_task: { description: 'File it under {key}', expected_output: A note, agent: clerk }
`,
    'crew.yaml': `
inputs:
  key: { type: string, sensitive: true, max_length: 30 }
  account: { type: integer, sensitive: true }
`,
  },
}
const inputs = { letter: 'a complaint', key: SECRET, account: 815_4711 }

const approval = (runId: string) => ({
  execution_id: runId,
  task_id: 'reply_task',
  human_feedback: '',
  is_approve: true,
})

const withModel = (model: { readonly baseUrl: string }) => ({
  OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
  COXSWAIN_SIMULATE: 'off',
  OPENAI_BASE_URL: model.baseUrl,
})

test('a sensitive input reaches the model, and nobody else, also across a restart', async () => {
  await using model = await startModelServer()
  await using receiver = await startReceiver()
  const env = withModel(model)
  await using server = await startTestServer({ env, crews })
  const runId = await server.kickoff({
    inputs,
    taskWebhookUrl: receiver.url,
    crewWebhookUrl: receiver.url,
    humanInputWebhookUrl: receiver.url,
  })
  const paused = await server.until(runId, 'PAUSED')
  await server.close()
  await using again = await startTestServer({ env, crews, directory: server.directory })
  await again.post('/resume', approval(runId))
  const ended = await again.until(runId, 'SUCCESS')
  await receiver.until((requests) => requests.length === 4)
  const whole = await again.get(`/runs/${runId}`)
  const list = await again.get('/runs')
  await again.close()

  const prompts = model.calls.map(({ body }) => JSON.stringify(body.messages))
  expect(prompts.length).toBe(2)
  for (const prompt of prompts) expect(prompt).toContain(JSON.stringify(SECRET).slice(1, -1))
  expect(whole.body.inputs).toEqual({ letter: 'a complaint', key: '***', account: '***' })
  expect(ended.last_executed_task.description).toBe('File it under ***')
  expect(ended.last_executed_task.agent).toBe('Clerk of ***')
  const told = [paused, ended, whole.body, list.body, receiver.requests.map(({ body }) => body)]
  expect(JSON.stringify(told)).not.toMatch(/canary|8154711/)
  const files = globSync(`${server.directory}/data/*`)
  for (const file of files) expect(readFileSync(file, 'latin1')).not.toMatch(/canary|8154711/)
})

test('what a model says of a sensitive input is told without it', async () => {
  const args = JSON.stringify({ query: SECRET, url: `/?key=${encodeURIComponent(SECRET)}` })
  const call = { id: 'call_1', type: 'function', function: { name: 'lookup', arguments: args } }
  const answers: ModelAnswer[] = [
    { message: { content: `I use ${SECRET}`, tool_calls: [call] }, finishReason: 'tool_calls' },
    { message: { content: `The key is ${SECRET}, of 8154711.` } },
  ]
  await using model = await startModelServer({ answers })
  await using receiver = await startReceiver()
  await using server = await startTestServer({ env: withModel(model), crews })
  const runId = await server.kickoff({
    inputs,
    stepWebhookUrl: receiver.url,
    humanInputWebhookUrl: receiver.url,
  })
  const status = await server.until(runId, 'PAUSED')
  await receiver.until((requests) => requests.length === 3)

  expect(status.pending_human_input.task_output).toBe('The key is ***, of ***.')
  expect(status.last_step.thought).toBe('The key is ***, of ***.')
  const bodies = receiver.requests.map(({ body }) => body)
  expect(bodies.join('\n')).toContain('I use ***')
  expect(JSON.stringify([status, bodies])).not.toMatch(/canary|8154711/)
})

test('an error that quotes a sensitive input is told and kept without it', async () => {
  const body = { error: { message: `your text "${SECRET}" is not allowed` } }
  await using model = await startModelServer({ answers: () => ({ status: 400, body }) })
  await using server = await startTestServer({ env: withModel(model), crews })
  const runId = await server.kickoff({ inputs })
  const status = await server.until(runId, 'FAILED')
  await server.close()

  expect(status.error).toContain('is not allowed')
  expect(JSON.stringify(status)).not.toContain('canary')
  for (const file of globSync(`${server.directory}/data/*`))
    expect(readFileSync(file, 'latin1')).not.toContain('canary')
})

test('a kickoff that is refused says nothing of a sensitive input', async () => {
  await using server = await startTestServer({ crews })
  const { status, body } = await server.post('/kickoff', {
    inputs: { ...inputs, key: SECRET.repeat(9), account: 'canary' },
  })

  expect(status).toBe(422)
  expect(body.details.fields).toEqual([
    { field: 'inputs.key', message: 'must be a text of at most 30 characters' },
    { field: 'inputs.account', message: 'must be a whole number' },
  ])
  expect(JSON.stringify(body)).not.toContain('canary')
})

test('keys are changed without losing the sensitive inputs of a run', async () => {
  await using model = await startModelServer()
  const env = withModel(model)
  const server = await startTestServer({ env, crews })
  const { directory } = server
  const runId = await server.kickoff({ inputs })
  await server.until(runId, 'PAUSED')
  await server.close()
  const old = readFileSync(join(directory, 'data', 'encryption-key'), 'utf8').trim()
  const next = randomBytes(32).toString('base64')
  const both = { ...env, ENCRYPTION_KEY: `${next},${old}` }
  await (await startTestServer({ env: both, crews, directory })).close()
  const onlyNext = { ...env, ENCRYPTION_KEY: next }
  const last = await startTestServer({ env: onlyNext, crews, directory })
  await last.post('/resume', approval(runId))
  await last.until(runId, 'SUCCESS')

  expect(JSON.stringify(model.calls.at(-1)?.body.messages)).toContain('File it under canary')
  await last.close()
  await server[Symbol.asyncDispose]()
})
