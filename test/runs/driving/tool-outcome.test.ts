import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import type { OnCrash } from '../../../src/tools/tool.ts'
import { labAnswers, labCrew } from '../../harness/lab-crew.ts'
import { startModelServer } from '../../harness/model-server.ts'
import { startTestServer } from '../../harness/server.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'

/** A run whose server ended during its tool call, which began once, and that another server goes on with. */
async function openCutOffRun(onCrash: OnCrash) {
  const opened = new AsyncDisposableStack()
  const { path: directory } = opened.use(temporaryDirectory())
  const model = opened.use(await startModelServer({ answers: labAnswers }))
  const ledger = `${directory}/ledger`
  writeFileSync(ledger, '')
  const start = () =>
    startTestServer({
      directory,
      crews: { lab: labCrew(onCrash) },
      env: {
        OPENAI_BASE_URL: model.baseUrl,
        COXSWAIN_SIMULATE: 'off',
        SHUTDOWN_GRACE_SECONDS: '0',
      },
    })
  const calls = () => readFileSync(ledger, 'utf8').split('\n').slice(0, -1)
  const first = await start()
  const id = await first.kickoff({ inputs: { how: 'wait', ms: 1_500, ledger } })
  await vi.waitFor(() => expect(calls()).toHaveLength(1), 10_000)
  await first.close()
  return {
    id,
    calls,
    start: async () => opened.use(await start()),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

test('a call that was cut off is made again with the same key', async () => {
  await using run = await openCutOffRun('retry')
  const server = await run.start()

  const { result } = await server.until(run.id, 'SUCCESS')

  expect(result.output).toBe('Told: waited')
  const key = `${run.id}/try_task/1/tool/1.1`
  expect(run.calls()).toEqual([key, key])
})

test('a call that was cut off is not made again when its tool says so, and the model is told', async () => {
  await using run = await openCutOffRun('fail')
  const server = await run.start()

  const { result } = await server.until(run.id, 'SUCCESS')

  expect(result.output).toMatch(/^Told: Nobody knows whether this call did its work: the server/)
  expect(run.calls()).toHaveLength(1)
})

test('a person who approves has a call made again that was cut off', async () => {
  await using run = await openCutOffRun('ask')
  const server = await run.start()
  const { pending_human_input: question } = await server.until(run.id, 'PAUSED')

  expect(question.task_output).toMatch(
    /^Nobody knows whether this call did its work: the server ended during the call\.\n\nlab \{"how":"wait"/,
  )
  expect(run.calls()).toHaveLength(1)
  await server.post('/resume', {
    execution_id: run.id,
    task_id: question.task_id,
    human_feedback: '',
    is_approve: true,
  })

  const { result } = await server.until(run.id, 'SUCCESS')
  expect(result.output).toBe('Told: waited')
  const key = `${run.id}/try_task/1/tool/1.1`
  expect(run.calls()).toEqual([key, key])
})

test('a person who rejects has the model told that the call has failed', async () => {
  await using run = await openCutOffRun('ask')
  const server = await run.start()
  const { pending_human_input: question } = await server.until(run.id, 'PAUSED')
  await server.post('/resume', {
    execution_id: run.id,
    task_id: question.task_id,
    human_feedback: 'The bank has refused it',
    is_approve: false,
  })

  const { result } = await server.until(run.id, 'SUCCESS')
  expect(result.output).toBe(
    'Told: A person says that this call has failed: The bank has refused it',
  )
  expect(run.calls()).toHaveLength(1)
})
