import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/db/open.ts'
import { startModelServer } from '../../harness/model-server.ts'
import { startTestServer, type TestServer } from '../../harness/server.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import type { CrewFiles } from '../../harness/write-crews.ts'

const tool = (result: string) => `
import { defineTool } from 'coxswain'
import { z } from 'zod'
export default defineTool({
  name: 'look_up', description: 'Looks up.', parameters: z.object({}), execute: () => '${result}',
})`

/** A task that a person reviews, by an agent with a tool. */
const crew = (result: string, task = 'Answer'): CrewFiles => ({
  'tools/look-up.ts': tool(result),
  'config/agents.yaml': 'clerk: { role: C, goal: G, backstory: B, tools: [look-up] }',
  'config/tasks.yaml': `
reply_task: { description: '${task} {letter}', expected_output: E, agent: clerk, human_input: true }`,
})

const TOOLLESS: CrewFiles = {
  'config/agents.yaml': 'clerk: { role: C, goal: G, backstory: B }',
  'config/tasks.yaml': 'reply_task: { description: Answer, expected_output: E, agent: clerk }',
}

const env = (changedCode: string) => ({ CHANGED_CODE: changedCode, SHUTDOWN_GRACE_SECONDS: '0' })

/** Answers what is asked now. */
async function answer(server: TestServer, runId: string, isApprove: boolean): Promise<void> {
  const { body } = await server.get(`/status/${runId}`)
  const { task_id } = body.pending_human_input
  const human_feedback = isApprove ? '' : 'Once more'
  const given = { execution_id: runId, task_id, human_feedback, is_approve: isApprove }
  expect((await server.post('/resume', given)).status).toBe(200)
}

/** What the journals say of changed code, in the order it was recorded. */
async function changesIn(directory: string): Promise<readonly object[]> {
  const { db, close } = await openDatabase(`sqlite:${directory}/data/coxswain.db`)
  const rows = await db
    .selectFrom('journal')
    .select(['runId', 'data'])
    .where('type', '=', 'crew_code_changed')
    .orderBy('at')
    .execute()
  await close()
  return rows.map(({ runId, data }) => ({ runId, ...JSON.parse(data) }))
}

async function codeHashOf(server: TestServer): Promise<string> {
  const { body } = await server.get('/crews/desk/versions')
  return body.versions.find(({ is_served }: { is_served: boolean }) => is_served).code_hash
}

test('a run goes on with changed code, and its events say so once for each change', async () => {
  using directory = temporaryDirectory()
  const open = (code: string) =>
    startTestServer({ directory: directory.path, crews: { desk: crew(code) } })
  const first = await open('one')
  const runId = await first.kickoff({ inputs: { letter: 'a complaint' } })
  const { crew_version } = await first.until(runId, 'PAUSED')
  const hashes = [await codeHashOf(first)]
  await first.close()

  for (const code of ['two', 'two', 'one']) {
    const server = await open(code)
    hashes.push(await codeHashOf(server))
    await answer(server, runId, false)
    const again = await server.until(runId, 'PAUSED')
    expect(again.crew_version).toBe(crew_version)
    await server.close()
  }
  const last = await open('one')
  await answer(last, runId, true)
  await last.until(runId, 'SUCCESS')
  await last.close()

  const [one, two] = hashes
  expect(new Set(hashes).size).toBe(2)
  expect(await changesIn(directory.path)).toEqual([
    { runId, from: one, to: two },
    { runId, from: two, to: one },
  ])
})

test('with CHANGED_CODE=fail a run that has begun is failed, and says what to do', async () => {
  using directory = temporaryDirectory()
  await using model = await startModelServer({ answers: () => 'hang' })
  const onModel = { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl }
  const first = await startTestServer({
    directory: directory.path,
    crews: { desk: crew('one') },
    env: { ...env('fail'), ...onModel, MAX_CONCURRENT_RUNS: '1' },
  })
  const begun = await first.kickoff({ inputs: { letter: 'a complaint' } })
  await model.until(({ calls }) => calls.length === 1)
  const queued = await first.kickoff({ inputs: { letter: 'thanks' } })
  await first.close()
  const second = await startTestServer({
    directory: directory.path,
    crews: { desk: crew('two') },
    env: env('fail'),
  })

  const { error } = await second.until(begun, 'FAILED')
  expect(error).toContain('code of the crew desk has changed')
  expect(error).toContain('CHANGED_CODE=continue')
  await second.until(queued, 'PAUSED')
  await second.close()
  // It had done nothing with the former code.
  expect(await changesIn(directory.path)).toMatchObject([{ runId: queued }])
})

test('code is no matter of a crew that calls none', async () => {
  using directory = temporaryDirectory()
  const crews = { desk: { ...TOOLLESS, ...reviewed() } }
  const first = await startTestServer({ directory: directory.path, crews, env: env('fail') })
  const runId = await first.kickoff({})
  await first.until(runId, 'PAUSED')
  await first.close()
  const changed = { desk: { 'tools/unused.ts': tool('new') } }
  const second = await startTestServer({
    directory: directory.path,
    crews: changed,
    env: env('fail'),
  })
  await answer(second, runId, true)
  await second.until(runId, 'SUCCESS')
  await second.close()

  expect(await changesIn(directory.path)).toEqual([])
})

function reviewed(): CrewFiles {
  const task = TOOLLESS['config/tasks.yaml'] ?? ''
  return { 'config/tasks.yaml': task.replace('agent: clerk', 'agent: clerk, human_input: true') }
}

test('an older version whose code has changed runs with what is there now, and its events say so', async () => {
  using directory = temporaryDirectory()
  const open = (files: CrewFiles, changedCode: string) =>
    startTestServer({
      directory: directory.path,
      crews: { desk: files },
      env: env(changedCode),
    })
  await (await open(crew('one', 'Answer'), 'continue')).close()
  const second = await open(crew('two', 'Reply to'), 'continue')
  const { body } = await second.get('/crews/desk/versions')
  const [{ code_hash: now }, { crew_version: version, code_hash: then, not_runnable }] =
    body.versions
  expect(not_runnable).toBeNull()
  const runId = await second.kickoff({ version, inputs: { letter: 'a complaint' } })
  expect((await second.until(runId, 'PAUSED')).crew_version).toBe(version)
  await second.close()
  expect(await changesIn(directory.path)).toEqual([{ runId, from: then, to: now }])

  await using strict = await open({}, 'fail')
  const refused = await strict.post('/kickoff', { version, inputs: { letter: 'a complaint' } })
  expect(refused).toMatchObject({ status: 409, body: { code: 'version_not_runnable' } })
  expect(refused.body.message).toContain('CHANGED_CODE=fail')
})

test('a version that names a tool which is gone is refused, and the list says so', async () => {
  using directory = temporaryDirectory()
  const first = await startTestServer({
    directory: directory.path,
    crews: { desk: crew('one') },
  })
  const waiting = await first.kickoff({ inputs: { letter: 'a complaint' } })
  await first.until(waiting, 'PAUSED')
  await first.close()
  rmSync(join(directory.path, 'crews/desk/tools'), { recursive: true })
  await using server = await startTestServer({
    directory: directory.path,
    crews: { desk: TOOLLESS },
  })
  const { body } = await server.get('/crews/desk/versions')
  const { crew_version: version, not_runnable } = body.versions[1]
  const refused = await server.post('/kickoff', { version, inputs: { letter: 'x' } })

  expect(not_runnable).toBe('the crew has no tool look_up any more')
  expect(refused).toMatchObject({ status: 409, body: { code: 'version_not_runnable' } })
  expect(refused.body.message).toContain('the crew has no tool look_up any more')
  // What had begun goes on: it may not need the tool any more.
  await answer(server, waiting, true)
  await server.until(waiting, 'SUCCESS')
})
