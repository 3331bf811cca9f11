import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { spawnServer } from '../harness/spawned-server.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { writeCrews } from '../harness/write-crews.ts'
import { saying } from '../server/watch/watched-server.ts'

test('serve --watch prints a line for what becomes of a crew, and a problem once', async () => {
  using directory = temporaryDirectory()
  const crewsDir = writeCrews(directory.path, { press: saying('Say {this}') })
  const env = {
    CREWS_DIR: crewsDir,
    DATABASE_URL: `sqlite:${join(directory.path, 'data/coxswain.db')}`,
    COXSWAIN_TOKEN: 'a token for tests',
    COXSWAIN_SIMULATE: 'on',
    LOG_FORMAT: 'text',
  }
  const server = await spawnServer(env, ['--watch'])
  const file = join(crewsDir, 'press/config/tasks.yaml')
  const linesAbout = (text: string) => server.output.filter((line) => line.includes(text))
  const until = (text: string, count = 1) =>
    vi.waitFor(() => expect(linesAbout(text).length).toBe(count), { timeout: 10_000, interval: 20 })
  // The banner is printed in one piece, and ends with what to try.
  await until('/status/<kickoff_id>')
  const tasks = saying('Say {that}')['config/tasks.yaml'] ?? ''
  writeFileSync(file, tasks)
  await until('reloaded')
  writeFileSync(file, tasks.replace('agent: writer', 'agent: writr'))
  await until('is served as it was')
  writeFileSync(file, `\n${tasks.replace('agent: writer', 'agent: writr')}`)
  writeCrews(directory.path, { desk: saying('Say {this}') })
  await until('desk is served')
  writeFileSync(file, tasks)
  await until('good again')
  await server.kill('SIGTERM')

  expect(linesAbout('reloaded')).toEqual([
    expect.stringMatching(
      /^press is reloaded in \d+ ms: task write_task \(description\), input this \(removed\), input that \(added\)\n$/,
    ),
  ])
  expect(linesAbout('breaks what callers')).toHaveLength(1)
  expect(linesAbout('[unknown-agent]')).toEqual([
    expect.stringMatching(/^error: \S+press\/config\/tasks.yaml:1:\d+: write_task.agent: /),
  ])
  expect(linesAbout('press is served as it was')).toEqual([
    'press is served as it was, until its files are mended\n',
  ])
  expect(linesAbout('desk is served')).toHaveLength(1)
  expect(linesAbout('good again')).toEqual(['press is good again, and as it was\n'])
})

test('where programs read, serve --watch logs what becomes of a crew, and what its code prints', async () => {
  using directory = temporaryDirectory()
  const crewOf = (goal: string) => `
    import { defineCrew } from 'coxswain'
    console.log('it is about ${goal}')
    export default defineCrew({
      agents: { clerk: { role: 'Clerk', goal: '${goal}', backstory: 'B' } },
      tasks: { reply: { description: 'D', expectedOutput: 'E', agent: 'clerk' } },
    })
  `
  const crewsDir = writeCrews(directory.path, { desk: { 'crew.ts': crewOf('tides') } })
  const env = {
    CREWS_DIR: crewsDir,
    DATABASE_URL: `sqlite:${join(directory.path, 'data/coxswain.db')}`,
    COXSWAIN_TOKEN: 'a token for tests',
    COXSWAIN_SIMULATE: 'on',
  }
  const server = await spawnServer(env, ['--watch'])
  const entries = () =>
    server.output.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  const until = (entry: object) =>
    vi.waitFor(() => expect(entries()).toContainEqual(expect.objectContaining(entry)), {
      timeout: 10_000,
      interval: 20,
    })
  await until({ msg: 'a crew printed', output: 'it is about tides' })
  writeFileSync(join(crewsDir, 'desk/crew.ts'), crewOf('ebbs'))
  const changes = [{ part: 'agent', name: 'clerk', change: 'changed', fields: ['goal'] }]
  await until({ msg: 'crew reloaded', crew: 'desk', outcome: 'changed', changes })
  await until({ msg: 'a crew printed', output: 'it is about ebbs' })
  writeFileSync(join(crewsDir, 'desk/crew.ts'), 'export default 1')
  await until({ level: 50, crew: 'desk', code: 'code-broken' })
  await until({ msg: 'crew reloaded', crew: 'desk', outcome: 'kept' })
  await server.kill('SIGTERM')
})
