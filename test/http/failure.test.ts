import { expect, test } from 'vitest'
import { type ModelAnswer, startModelServer } from '../harness/model-server.ts'
import { startTestServer } from '../harness/server.ts'

const onModel = (baseUrl: string) => ({
  COXSWAIN_SIMULATE: 'off',
  OPENAI_BASE_URL: baseUrl,
  OPENAI_API_KEY: 'sk-a-very-secret-key',
})

test('a failing task ends the run with a message for people, and keeps what was done', async () => {
  const refusal = { status: 401, body: { error: { message: 'bad key sk-a-very-secret-key' } } }
  await using model = await startModelServer({
    answers: ({ number }): ModelAnswer => (number === 1 ? {} : refusal),
  })
  await using server = await startTestServer({ env: onModel(model.baseUrl) })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  const status = await server.until(runId, 'FAILED')

  expect(status).toMatchObject({ status: 'error', result: null, simulated: false, stopped: false })
  expect(status.error).toMatch(/^Task "write_task" failed: .*401/)
  expect(status.error_message).toBe(status.error)
  expect(status.tasks.map(({ task_id }: Record<string, string>) => task_id)).toEqual([
    'research_task',
  ])
  expect(status.progress).toMatchObject({ completed_tasks: 1, total_tasks: 2 })
  expect(status.usage_metrics.successful_requests).toBe(1)
  expect(JSON.stringify(status)).not.toContain('sk-a-very-secret-key')
})

test('without a model, and with simulation off, the run says which variable to set', async () => {
  await using server = await startTestServer({ env: { COXSWAIN_SIMULATE: 'off' } })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  const status = await server.until(runId, 'FAILED')

  expect(status.error).toContain('OPENAI_API_KEY')
})

test('a run on a real endpoint asks the configured model, and counts what it used', async () => {
  await using model = await startModelServer()
  const env = { ...onModel(model.baseUrl), OPENAI_MODEL_NAME: 'gpt-test' }
  await using server = await startTestServer({ env })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  const status = await server.until(runId, 'SUCCESS')

  expect(model.calls.map(({ body }) => body.model)).toEqual(['gpt-test', 'gpt-test'])
  expect(model.calls[0]?.authorization).toBe('Bearer sk-a-very-secret-key')
  expect(status.usage_metrics).toMatchObject({ successful_requests: 2, completion_tokens: 20 })
  expect(status.result.tasks[0].output).not.toBe(status.result.tasks[1].output)
})
