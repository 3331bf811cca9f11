import { renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { REVIEWED_CREW } from '../../harness/server.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { type CrewFiles, writeCrews } from '../../harness/write-crews.ts'
import { PATIENT } from '../../workers/worker-contract.ts'
import { saying, startWatched } from './watched-server.ts'

const TASKS = 'config/tasks.yaml'
const tasksOf = (files: CrewFiles) => files[TASKS] ?? ''

test('a changed file changes the next kickoffs, and no run that waits', async () => {
  await using server = await startWatched({ crews: { desk: REVIEWED_CREW } })
  const waiting = await server.kickoff({ inputs: { letter: 'Hello' } })
  await server.until(waiting, 'PAUSED')
  const tasks = tasksOf(REVIEWED_CREW)
    .replace('{letter}', '{mail}')
    .replace('File the reply', 'Burn it')
  server.write(`desk/${TASKS}`, tasks)
  const news = await server.untilNews('desk', 1)

  expect(news).toMatchObject({
    type: 'changed',
    hasOtherCode: false,
    changes: [
      { part: 'task', name: 'reply_task', fields: ['description'] },
      { part: 'task', name: 'file_task', fields: ['description'] },
      { part: 'input', name: 'letter', change: 'removed' },
      { part: 'input', name: 'mail', change: 'added' },
    ],
  })
  expect(server.reloads()[0]).toMatchObject({
    files: [`desk/${TASKS}`],
    broken: [{ crew: 'desk', breaks: [expect.stringContaining('letter'), expect.anything()] }],
  })
  expect((await server.get('/inputs')).body.inputs).toEqual(['mail'])
  const { body: crews } = await server.get('/crews/desk')
  expect(crews.tasks[1].description).toBe('Burn it')
  const { versions } = (await server.get('/crews/desk/versions')).body
  expect(versions.map((one: { is_served: boolean }) => one.is_served)).toEqual([true, false])
  expect((await server.post('/kickoff', { inputs: { letter: 'Hello' } })).status).toBe(422)

  await server.post('/resume', {
    execution_id: waiting,
    task_id: 'reply_task',
    human_feedback: '',
    is_approve: true,
  })
  const done = await server.until(waiting, 'SUCCESS')
  const next = await server.kickoff({ inputs: { mail: 'Hello' } })
  const asked = await server.until(next, 'PAUSED')
  expect(done.crew_version).toBe(versions[1].crew_version)
  expect(asked.crew_version).toBe(versions[0].crew_version)
})

test('a broken edit keeps the crew served and is told once, and so is its mending', async () => {
  await using server = await startWatched({ crews: { press: saying('Write') } })
  const broken = 'write_task: { description: Write, agent: writr, expected_output: A text }'
  server.write(`press/${TASKS}`, broken)
  await server.untilNews('press', 1)
  server.write(`press/${TASKS}`, `\n${broken}`)
  server.write('other/config/agents.yaml', 'clerk: { role: Clerk }')
  await vi.waitFor(() => expect(server.reloads().length).toBe(2), PATIENT)
  await server.until(await server.kickoff({ inputs: {} }), 'SUCCESS')
  server.write(`press/${TASKS}`, tasksOf(saying('Write')))
  await server.untilNews('press', 2)
  server.write(`press/${TASKS}`, broken)
  await server.untilNews('press', 3)
  server.write(`press/${TASKS}`, tasksOf(saying('Write more')))
  await server.untilNews('press', 4)

  const problems = server.reloads().flatMap((reload) => reload.problems)
  const ofPress = problems.filter(({ crew }) => crew === 'press')
  expect(ofPress.map(({ code }) => code)).toEqual(['unknown-agent', 'unknown-agent'])
  expect(server.newsOf('press')).toMatchObject([
    { type: 'kept' },
    { type: 'mended' },
    { type: 'kept' },
    { type: 'changed', isMended: true, changes: [{ name: 'write_task' }] },
  ])
  expect((await server.get('/crews')).body.crews.length).toBe(1)
})

test('a new folder becomes a crew, and one that is gone is no crew any more; its runs wait for it', async () => {
  await using server = await startWatched({ crews: { desk: REVIEWED_CREW } })
  const waiting = await server.kickoff({ inputs: { letter: 'Hello' } })
  await server.until(waiting, 'PAUSED')
  writeCrews(server.directory, { press: saying('Write') })
  await server.untilNews('press', 1)
  expect((await server.post('/crews/press/kickoff', { inputs: {} })).status).toBe(200)
  // Two crews have no default.
  expect((await server.get('/inputs')).body.code).toBe('no_default_crew')

  renameSync(join(server.crewsDir, 'desk'), join(server.directory, 'away'))
  await server.untilNews('desk', 1)
  const refused = await server.post('/crews/desk/kickoff', { inputs: { letter: 'Hello' } })
  expect(refused).toMatchObject({ status: 404, body: { code: 'crew_not_found' } })
  await server.post('/resume', {
    execution_id: waiting,
    task_id: 'reply_task',
    human_feedback: '',
    is_approve: true,
  })
  const { body: stays } = await server.get(`/status/${waiting}`)
  expect(stays.state).not.toBe('SUCCESS')

  renameSync(join(server.directory, 'away'), join(server.crewsDir, 'desk'))
  await server.untilNews('desk', 2)
  await server.until(waiting, 'SUCCESS')
  expect(server.newsOf('desk').map(({ type }) => type)).toEqual(['removed', 'added'])
})

test('files that are replaced, deleted and written again, or linked are followed like any', async () => {
  using elsewhere = temporaryDirectory()
  const linked = join(writeCrews(elsewhere.path, { linked: saying('0') }), 'linked')
  await using server = await startWatched({ crews: { press: saying('0') } })
  const path = join(server.crewsDir, 'press', TASKS)
  const descriptionOf = async (crew: string) =>
    (await server.get(`/crews/${crew}`)).body.tasks[0].description
  for (const round of [1, 2]) {
    writeFileSync(`${path}.new`, tasksOf(saying(`replaced ${round}`)))
    renameSync(`${path}.new`, path)
    await server.untilNews('press', 2 * round - 1)
    expect(await descriptionOf('press')).toBe(`replaced ${round}`)
    unlinkSync(path)
    writeFileSync(path, tasksOf(saying(`again ${round}`)))
    await server.untilNews('press', 2 * round)
    expect(await descriptionOf('press')).toBe(`again ${round}`)
  }
  expect(new Set(server.newsOf('press').map(({ type }) => type))).toEqual(new Set(['changed']))

  symlinkSync(linked, join(server.crewsDir, 'linked'))
  await server.untilNews('linked', 1)
  writeFileSync(join(linked, TASKS), tasksOf(saying('1')))
  await server.untilNews('linked', 2)
  expect(await descriptionOf('linked')).toBe('1')
})

test('a folder that a file takes the place of is no crew, until it is a folder again', async () => {
  await using server = await startWatched({ crews: { press: saying('0'), desk: saying('0') } })
  const path = join(server.crewsDir, 'press')
  rmSync(path, { recursive: true })
  writeFileSync(path, 'a file')
  await server.untilNews('press', 1)
  expect((await server.get('/crews/press')).status).toBe(404)
  rmSync(path)
  writeCrews(server.directory, { press: saying('1') })
  await server.untilNews('press', 2)
  server.write(`press/${TASKS}`, tasksOf(saying('2')))
  await server.untilNews('press', 3)

  expect(server.newsOf('press').map(({ type }) => type)).toEqual(['removed', 'added', 'changed'])
  expect(server.newsOf('desk')).toEqual([])
})

test('the folder of all crews may be gone for a while', async () => {
  await using server = await startWatched({ crews: { press: saying('0') } })
  renameSync(server.crewsDir, `${server.crewsDir}.away`)
  await vi.waitFor(() => expect(server.news.length).toBe(1), PATIENT)
  await server.until(await server.kickoff({ inputs: {} }), 'SUCCESS')
  renameSync(`${server.crewsDir}.away`, server.crewsDir)
  await vi.waitFor(() => expect(server.news.length).toBe(2), PATIENT)
  server.write(`press/${TASKS}`, tasksOf(saying('1')))
  await server.untilNews('press', 1)

  expect(server.news.slice(0, 2)).toEqual([
    { trouble: `${server.crewsDir} is gone. Its crews are served as they were.` },
    { trouble: `${server.crewsDir} is back.` },
  ])
})

test('what is no part of a crew is not looked at', async () => {
  await using server = await startWatched({ crews: { press: saying('0') } })
  for (const path of ['node_modules/x/index.js', '.git/HEAD', '.venv/x', 'data/x', '__pycache__/x'])
    server.write(`press/${path}`, 'x')
  server.write('press/config/.tasks.yaml.swp', 'x')
  server.write('press/config/tasks.yaml~', 'x')
  server.write(`press/${TASKS}`, tasksOf(saying('1')))
  await server.untilNews('press', 1)

  const [first] = server.reloads()
  const seen = first?.files.filter((file) => !/^press\/config/.test(file))
  expect(seen?.filter((file) => !['press', 'press/'].includes(file))).toEqual([])
})
