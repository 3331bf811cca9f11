import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { REVIEWED_CREW, startTestServer, type TestServer } from '../harness/server.ts'
import { spawnServer } from '../harness/spawned-server.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { type CrewFiles, writeCrews } from '../harness/write-crews.ts'

/** The reviewed crew, with other tasks. */
const edited = (tasks: string, settings = ''): CrewFiles => ({
  ...REVIEWED_CREW,
  'config/tasks.yaml': tasks,
  'crew.yaml': settings,
})

const DANGEROUS = edited(`
first_task: { description: 'Prepare {letter}', expected_output: A note, agent: clerk }
reply_task: { description: 'DELETE the database of {letter}', expected_output: A reply, agent: clerk, human_input: true }
store_task: { description: Store the reply, expected_output: A note, agent: clerk }
`)

/** A server that goes on with the data of another one, with the crews as they are now. */
function restart(
  directory: string,
  crews: Readonly<Record<string, CrewFiles>>,
): Promise<TestServer> {
  return startTestServer({ directory, crews })
}

const approve = (server: TestServer, runId: string) =>
  server.post('/resume', {
    execution_id: runId,
    task_id: 'reply_task',
    human_feedback: '',
    is_approve: true,
  })

test('a run that waits goes on with the files it was started with, whatever becomes of them', async () => {
  using directory = temporaryDirectory()
  const first = await restart(directory.path, { desk: REVIEWED_CREW })
  const runId = await first.kickoff({ inputs: { letter: 'a complaint' } })
  const before = await first.until(runId, 'PAUSED')
  await first.close()
  await using second = await restart(directory.path, { desk: DANGEROUS })

  const { body: waiting } = await second.get(`/status/${runId}`)
  expect(waiting).toEqual({
    ...before,
    execution_time: waiting.execution_time,
    progress: { ...before.progress, duration_seconds: waiting.progress.duration_seconds },
  })
  expect(waiting.progress).toMatchObject({ completed: 0, total: 2 })
  const answer = { digest: before.pending_human_input.digest, is_approve: true }
  const { status } = await second.post('/resume', {
    execution_id: runId,
    task_id: 'reply_task',
    ...answer,
  })
  expect(status).toBe(200)
  const ended = await second.until(runId, 'SUCCESS')
  expect(ended.progress).toMatchObject({ completed: 2, total: 2, remaining: 0 })
  expect(ended.result.tasks.map(({ name }: { name: string }) => name)).toEqual([
    'reply_task',
    'file_task',
  ])
  expect(ended.result.tasks[0].output).toBe(before.pending_human_input.task_output)
  expect(ended.last_executed_task.description).toBe('File the reply')
  expect(ended.crew_version).toBe(before.crew_version)

  const newId = await second.kickoff({ inputs: { letter: 'a complaint' } })
  const asked = await second.until(newId, 'PAUSED')
  expect(asked.pending_human_input.task_output).toContain('DELETE the database')
  expect(asked.progress).toMatchObject({ completed: 1, total: 3 })
  expect(asked.crew_version).not.toBe(before.crew_version)
})

test('the versions of a crew are listed with what changed, newest first, a page at a time', async () => {
  using directory = temporaryDirectory()
  const tasks = (texts: string) => `
reply_task: { description: '${texts}', expected_output: A reply, agent: clerk }
`
  for (const crew of [
    REVIEWED_CREW,
    edited(tasks('Answer {letter}'), 'version: "1"'),
    edited(tasks('Answer {message}, {tone}'), 'version: "2"\ninputs: { tone: kind }'),
  ])
    await (await restart(directory.path, { desk: crew })).close()
  await using server = await restart(directory.path, {})
  const { body } = await server.get('/crews/desk/versions')

  expect(body.next_cursor).toBeNull()
  expect(body.versions).toMatchObject([
    {
      version: '2',
      is_served: true,
      not_runnable: null,
      code_hash: null,
      inputs: { required: ['message'], optional: ['tone'], aliases: {} },
      previous: body.versions[1].crew_version,
      changes: [
        { part: 'crew', name: 'desk', change: 'changed', fields: ['version'] },
        { part: 'task', name: 'reply_task', change: 'changed', fields: ['description'] },
        { part: 'input', name: 'letter', change: 'removed', fields: [] },
        { part: 'input', name: 'message', change: 'added', fields: [] },
        { part: 'input', name: 'tone', change: 'added', fields: [] },
      ],
      breaks: ['the input letter is gone', 'the input message must be given now'],
    },
    {
      version: '1',
      is_served: false,
      changes: [
        { part: 'crew', fields: ['version'] },
        { part: 'task', name: 'reply_task', change: 'changed', fields: ['human_input'] },
        { part: 'task', name: 'file_task', change: 'removed' },
      ],
      breaks: [],
    },
    { version: null, previous: null, changes: [], breaks: [] },
  ])
  const page = await server.get('/crews/desk/versions?limit=2')
  expect(page.body.versions).toEqual(body.versions.slice(0, 2))
  const rest = await server.get(`/crews/desk/versions?limit=2&cursor=${page.body.next_cursor}`)
  expect(rest.body).toEqual({ versions: body.versions.slice(2), next_cursor: null })
  expect((await server.get('/crews/desk/versions?cursor=x')).status).toBe(400)
  expect((await server.get('/crews/nobody/versions')).status).toBe(404)
})

const one = (description: string, settings: string): CrewFiles =>
  edited(`task: { description: '${description}', expected_output: E, agent: clerk }`, settings)

test('a kickoff may ask for an older version, by its hash or its label', async () => {
  using directory = temporaryDirectory()
  const old = one('Old {topic}', 'version: 1')
  await (await restart(directory.path, { desk: old })).close()
  await (await restart(directory.path, { desk: one('Mended {topic}', 'version: 1') })).close()
  await using server = await restart(directory.path, { desk: one('New {theme}', 'version: 2') })
  const { body } = await server.get('/crews/desk/versions')
  const [newest, mended, oldest] = body.versions
  const runOf = async (version: unknown, inputs: object) => {
    const runId = await server.kickoff({ version, inputs })
    const { crew_version, result } = await server.until(runId, 'SUCCESS')
    return { crew_version, output: result.output }
  }

  for (const [version, inputs, hash, text] of [
    [oldest.crew_version, { topic: 'tides' }, oldest.crew_version, 'Old tides'],
    // The one of this label that was served last.
    ['1', { topic: 'tides' }, mended.crew_version, 'Mended tides'],
    [1, { topic: 'tides' }, mended.crew_version, 'Mended tides'],
    ['2', { theme: 'tides' }, newest.crew_version, 'New tides'],
    [newest.crew_version, { theme: 'tides' }, newest.crew_version, 'New tides'],
    [null, { theme: 'tides' }, newest.crew_version, 'New tides'],
    ['', { theme: 'tides' }, newest.crew_version, 'New tides'],
  ])
    expect(await runOf(version, inputs)).toEqual({
      crew_version: hash,
      output: expect.stringContaining(text),
    })
})

test('a version that there is not is refused, and inputs are those of the version that is asked for', async () => {
  using directory = temporaryDirectory()
  await (await restart(directory.path, { desk: one('Old {topic}', 'version: 1') })).close()
  await using server = await restart(directory.path, {
    desk: one('New {theme}', 'version: 2'),
    other: one('Other', 'version: 3'),
  })
  const kickoff = (version: unknown, inputs = {}) =>
    server.post('/crews/desk/kickoff', { version, inputs })

  expect(await kickoff('3')).toMatchObject({
    status: 404,
    body: { code: 'version_not_found', message: expect.stringContaining('no version 3') },
  })
  const { body: other } = await server.get('/crews/other/versions')
  expect((await kickoff(other.versions[0].crew_version)).status).toBe(404)
  expect((await kickoff('%')).status).toBe(404)
  for (const [wrong, message] of [
    [{ a: 1 }, 'version: must be the hash of a version, or its label'],
    [true, 'version: must be the hash of a version, or its label'],
    ['x'.repeat(101), 'version: Too big: expected string to have <=100 characters'],
  ])
    expect(await kickoff(wrong)).toMatchObject({ status: 422, body: { message } })
  expect(await kickoff('1', { theme: 'tides' })).toMatchObject({
    status: 422,
    body: { code: 'missing_inputs', details: { missing_inputs: ['topic'] } },
  })
  expect((await server.get('/runs')).body.runs).toEqual([])
})

test('a finished run of a crew that was removed still has a status', async () => {
  using directory = temporaryDirectory()
  const first = await restart(directory.path, { desk: REVIEWED_CREW })
  const runId = await first.kickoff({ inputs: { letter: 'a complaint' } })
  await first.until(runId, 'PAUSED')
  await approve(first, runId)
  const before = await first.until(runId, 'SUCCESS')
  await first.close()
  rmSync(join(directory.path, 'crews/desk'), { recursive: true })
  await using second = await restart(directory.path, { other: one('Other', '') })

  expect((await second.get(`/status/${runId}`)).body).toEqual(before)
  expect((await second.get(`/runs/${runId}`)).body).toMatchObject({ crew: 'desk' })
})

test('a start says what breaks those who call a crew, once', async () => {
  using directory = temporaryDirectory()
  const env = {
    DATABASE_URL: `sqlite:${join(directory.path, 'data/coxswain.db')}`,
    COXSWAIN_TOKEN: 'a token for tests',
  }
  const start = async (crew: CrewFiles) => {
    const crewsDir = writeCrews(directory.path, { desk: crew })
    const server = await spawnServer({ CREWS_DIR: crewsDir, ...env })
    // The banner is printed in one piece, and ends with what to try.
    await expect.poll(() => server.output.join('')).toContain('/status/<kickoff_id>')
    await server.kill('SIGTERM')
    return server.output.filter((line) => line.includes('breaks what'))
  }

  expect(await start(one('About {topic}', 'version: "1.0"'))).toEqual([])
  const warned = await start(one('About {theme}', 'version: "1.1"'))
  expect(warned).toContain(
    '  warning: desk: breaks what callers of its version 1.0 rely on: the input topic is gone; the input theme must be given now\n',
  )
  const logged = warned.filter((line) => line.startsWith('{'))
  expect(logged.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, crew: 'desk', before: '1.0', breaks: [expect.any(String), expect.any(String)] },
  ])
  expect(await start(one('About {theme}', 'version: "1.1"'))).toEqual([])
  expect(
    await start(one('About {subject}', 'version: "1.2"\ninput_aliases: { subject: theme }')),
  ).toEqual([])
})
