import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { coxswain } from '../harness/coxswain.ts'
import { startModelServer } from '../harness/model-server.ts'
import { startReceiver } from '../harness/receiver.ts'
import { RESEARCH_CREW, REVIEWED_CREW, startTestServer, TOKEN } from '../harness/server.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'

const at = (url: string) => ({ COXSWAIN_URL: url, COXSWAIN_TOKEN: TOKEN })

test('a server that starts on a backup goes on with every run, and has lost nothing', async () => {
  using directory = temporaryDirectory()
  const held = Promise.withResolvers<void>()
  await using model = await startModelServer({
    answers: ({ number }) => (number === 3 ? { after: held.promise } : {}),
  })
  const env = { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl, DEFAULT_CREW: 'research' }
  const crews = { research: RESEARCH_CREW, desk: REVIEWED_CREW }
  await using server = await startTestServer({ crews, env })
  const done = await server.kickoff({ inputs: { topic: 'tides' } })
  await server.until(done, 'SUCCESS')
  const running = await server.kickoff({ inputs: { topic: 'moons' } })
  await model.until(({ calls }) => calls.length === 3)
  const desk = await server.post('/crews/desk/kickoff', { inputs: { letter: 'Hello' } })
  const waiting = desk.body.kickoff_id
  await server.until(waiting, 'PAUSED')

  const copy = join(directory.path, 'copy.db')
  const { code, stdout, stderr } = await coxswain(['backup', copy], at(server.url))
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/copy\.db: \d+\.\d MB, checked\n.*encryption key/)
  expect(statSync(copy).mode & 0o777).toBe(0o600)
  expect(readdirSync(directory.path)).toEqual(['copy.db'])

  mkdirSync(join(directory.path, 'data'), { mode: 0o700 })
  copyFileSync(copy, join(directory.path, 'data', 'coxswain.db'))
  const key = join('data', 'encryption-key')
  copyFileSync(join(server.directory, key), join(directory.path, key))
  await using restored = await startTestServer({ crews, env, directory: directory.path })
  expect((await restored.get(`/runs/${done}`)).body).toEqual(
    (await server.get(`/runs/${done}`)).body,
  )
  await restored.until(running, 'SUCCESS')
  await restored.until(waiting, 'PAUSED')
  const answer = {
    execution_id: waiting,
    task_id: 'reply_task',
    human_feedback: '',
    is_approve: true,
  }
  expect((await restored.post('/resume', answer)).status).toBe(200)
  await restored.until(waiting, 'SUCCESS')
  held.resolve()
})

test('a file that is there already is not touched, and neither is one that another backup makes', async () => {
  using directory = temporaryDirectory()
  await using server = await startTestServer()
  for (const name of ['kept.db', 'made.db.partial']) writeFileSync(join(directory.path, name), 'x')
  const kept = await coxswain(['backup', join(directory.path, 'kept.db')], at(server.url))
  const made = await coxswain(['backup', join(directory.path, 'made.db')], at(server.url))

  expect([kept.code, made.code]).toEqual([1, 1])
  expect(kept.stderr).toMatch(/^coxswain: .*kept\.db is there already/)
  expect(made.stderr).toMatch(/made\.db\.partial is there already/)
  expect(
    readdirSync(directory.path).map((name) => statSync(join(directory.path, name)).size),
  ).toEqual([1, 1])
})

test.each([
  ['is cut off', 'cut'],
  ['is no database', { body: 'Welcome to the login page of the proxy. '.repeat(200) }],
  ['is empty', { body: '' }],
] as const)('an answer that %s leaves no file', async (_, answer) => {
  using directory = temporaryDirectory()
  await using other = await startReceiver({ answers: [answer] })
  const { code, stderr } = await coxswain(['backup', join(directory.path, 'b.db')], at(other.url))

  expect(code).toBe(1)
  expect(stderr).toMatch(/^coxswain: ./)
  expect(readdirSync(directory.path)).toEqual([])
})

test('a command that finds no server says where it looked, and how to point it elsewhere', async () => {
  using directory = temporaryDirectory()
  const env = { PORT: '1', HOST: '0.0.0.0', DATABASE_URL: `sqlite:${directory.path}/d/c.db` }
  const { code, stderr } = await coxswain(['backup', join(directory.path, 'b.db')], env)

  expect(code).toBe(1)
  expect(stderr).toContain('No server answers at http://127.0.0.1:1. ')
  expect(stderr).toContain('COXSWAIN_URL')
  expect(readdirSync(directory.path)).toEqual([])
})

test('a token that the server does not take is told apart, and never shown', async () => {
  using directory = temporaryDirectory()
  await using server = await startTestServer()
  const env = { COXSWAIN_URL: server.url, COXSWAIN_TOKEN: 's3cret' }
  const { code, stderr } = await coxswain(['backup', join(directory.path, 'b.db')], env)

  expect(code).toBe(1)
  expect(stderr).toContain('COXSWAIN_TOKEN')
  expect(stderr).not.toContain('s3cret')
})

test('a command takes the token that the server has kept beside its data', async () => {
  await using server = await startTestServer()
  writeFileSync(join(server.directory, 'data', 'token'), `${TOKEN}\n`, { mode: 0o600 })
  const copy = join(server.directory, 'b.db')
  const env = {
    COXSWAIN_URL: server.url,
    DATABASE_URL: `sqlite:${server.directory}/data/coxswain.db`,
  }
  const { code, stderr } = await coxswain(['backup', copy], env)

  expect([code, stderr]).toEqual([0, ''])
})

test('a backup without a name for its file is not made up', async () => {
  const { code, stderr } = await coxswain(['backup'])

  expect(code).toBe(1)
  expect(stderr).toContain('coxswain backup <file>')
})
