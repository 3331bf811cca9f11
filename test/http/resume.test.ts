import { expect, test } from 'vitest'
import { startModelServer } from '../harness/model-server.ts'
import { REVIEWED_CREW, startTestServer, type TestServer } from '../harness/server.ts'

async function startReviewed(): Promise<{ server: TestServer; runId: string } & AsyncDisposable> {
  const server = await startTestServer({ crews: { desk: REVIEWED_CREW } })
  const runId = await server.kickoff({ inputs: { letter: 'a complaint' } })
  await server.until(runId, 'PAUSED')
  return { server, runId, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('a task with human_input pauses the run and shows the answer to be judged', async () => {
  await using started = await startReviewed()
  const { body } = await started.server.get(`/status/${started.runId}`)

  expect(body).toMatchObject({
    state: 'PAUSED',
    status: 'pending',
    current_task: 'reply_task',
    pending_human_input: { task_name: 'reply_task' },
    progress: { completed_tasks: 0, current_agent: 'Clerk' },
  })
  expect(body.pending_human_input.task_output).toContain('a complaint')
})

test('approving lets the run go on, and the remark reaches the task after it', async () => {
  await using model = await startModelServer()
  await using server = await startTestServer({
    crews: { desk: REVIEWED_CREW },
    env: { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl },
  })
  const runId = await server.kickoff({ inputs: { letter: 'a complaint' } })
  await server.until(runId, 'PAUSED')
  const { status, body } = await server.post('/resume', {
    execution_id: runId,
    task_id: 'reply_task',
    human_feedback: 'Fine, send it',
    is_approve: true,
  })

  expect(status).toBe(200)
  expect(body).toMatchObject({ status: 'resumed', kickoff_id: runId, execution_id: runId })
  const ended = await server.until(runId, 'SUCCESS')
  expect(ended.result.tasks.length).toBe(2)
  expect(model.calls.length).toBe(2)
  expect(JSON.stringify(model.calls[1]?.body.messages)).toContain('Fine, send it')
})

test('rejecting has the task done again with the feedback, until it is approved', async () => {
  await using started = await startReviewed()
  const { server, runId } = started
  const first = (await server.get(`/status/${runId}`)).body.pending_human_input
  const rejected = await server.post('/resume', {
    execution_id: runId,
    task_id: first.task_id,
    human_feedback: 'Mention the refund',
    is_approve: false,
  })
  expect(rejected.body).toMatchObject({ status: 'retrying', kickoff_id: runId })
  const again = await server.until(runId, 'PAUSED')
  expect(again.pending_human_input.task_id).not.toBe(first.task_id)
  expect(again.pending_human_input.task_output).not.toBe(first.task_output)
  const late = await server.post('/resume', {
    execution_id: runId,
    task_id: first.task_id,
    human_feedback: 'Or rather not',
    is_approve: false,
  })
  expect(late.status).toBe(400)
  await server.post('/resume', {
    executionId: runId,
    taskId: 'reply_task',
    humanFeedback: '',
    isApprove: true,
  })

  const ended = await server.until(runId, 'SUCCESS')
  expect(ended.result.tasks[0].output).toBe(again.pending_human_input.task_output)
})

test('of several answers to one question the first counts, its repeat is told so, any other is refused', async () => {
  await using started = await startReviewed()
  const { server, runId } = started
  const answer = (isApprove: boolean) =>
    server.post('/resume', {
      execution_id: runId,
      task_id: 'reply_task',
      human_feedback: 'x',
      is_approve: isApprove,
    })
  const answers = await Promise.all([answer(true), answer(false), answer(true), answer(false)])

  const statuses = answers.map(({ status }) => status).sort()
  expect(statuses).toEqual([200, 200, 400, 400])
  expect((await server.until(runId, 'SUCCESS')).state).toBe('SUCCESS')
  const refused = answers.find(({ status }) => status === 400)
  expect(refused?.body.message).toBe('Execution is not in pending human input state')
})

test('an answer that is sent again is no answer to the next question', async () => {
  await using started = await startReviewed()
  const { server, runId } = started
  const first = (await server.get(`/status/${runId}`)).body.pending_human_input
  const reject = (fields: object) =>
    server.post('/resume', {
      execution_id: runId,
      human_feedback: 'Mention the refund',
      is_approve: false,
      ...fields,
    })
  const answered = await reject({ task_id: 'reply_task' })
  const second = (await server.until(runId, 'PAUSED')).pending_human_input
  expect(second.digest).not.toBe(first.digest)

  for (const fields of [
    { task_id: 'reply_task' },
    { task_id: first.task_id },
    { task_id: 'reply_task', digest: first.digest },
  ])
    expect(await reject(fields)).toMatchObject({ status: 200, body: answered.body })
  const still = (await server.get(`/status/${runId}`)).body.pending_human_input
  expect(still).toEqual(second)
})

test('an answer to something else than what is asked now is refused', async () => {
  await using started = await startReviewed()
  const { server, runId } = started
  const { digest } = (await server.get(`/status/${runId}`)).body.pending_human_input
  const approve = (given: string) =>
    server.post('/resume', {
      execution_id: runId,
      task_id: 'reply_task',
      is_approve: true,
      digest: given,
    })

  const refused = await approve('0123456789abcdef')
  expect(refused).toMatchObject({ status: 409, body: { code: 'stale_answer' } })
  expect((await approve(digest)).status).toBe(200)
})

test('an answer for another task, or for none that there is, is refused', async () => {
  await using started = await startReviewed()
  const { server, runId } = started
  const answer = (taskId: string) =>
    server.post('/resume', {
      execution_id: runId,
      task_id: taskId,
      human_feedback: '',
      is_approve: true,
    })

  expect((await answer('file_task')).status).toBe(400)
  expect((await answer('no_task')).status).toBe(404)
  expect((await server.get(`/status/${runId}`)).body.state).toBe('PAUSED')
})

test('an answer without the approve flag is refused and says so', async () => {
  await using started = await startReviewed()
  const { server, runId } = started
  const { status, body } = await server.post('/resume', {
    execution_id: runId,
    task_id: 'reply_task',
    human_feedback: 'Looks good',
  })

  expect(status).toBe(422)
  expect(body.detail).toContain('is_approve')
})

test('a wait survives a restart of the server', async () => {
  const first = await startTestServer({ crews: { desk: REVIEWED_CREW } })
  const runId = await first.kickoff({ inputs: { letter: 'a complaint' } })
  const before = await first.until(runId, 'PAUSED')
  await first.close()
  await using second = await startTestServer({
    crews: { desk: REVIEWED_CREW },
    directory: first.directory,
  })

  const after = (await second.get(`/status/${runId}`)).body
  expect(after.pending_human_input).toEqual(before.pending_human_input)
  await second.post('/resume', {
    execution_id: runId,
    task_id: 'reply_task',
    human_feedback: '',
    is_approve: true,
  })
  const ended = await second.until(runId, 'SUCCESS')
  expect(ended.result.tasks[0].output).toBe(before.pending_human_input.task_output)
  await first[Symbol.asyncDispose]()
})
