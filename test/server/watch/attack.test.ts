import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keepServed } from '../../../src/load/keep-served.ts'
import { loadFolder } from '../../../src/load/load-folder.ts'
import { RESEARCH_CREW } from '../../harness/server.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { writeCrews } from '../../harness/write-crews.ts'
import { saying, startWatched } from './watched-server.ts'

const TASKS = 'config/tasks.yaml'

test('200 runs and 50 edits: every run ends as the version that it was started with', async () => {
  const env = { COXSWAIN_SIMULATE_LATENCY_MS: '20' }
  await using server = await startWatched({ crews: { press: saying('Say 0') }, env })
  const runs: { readonly id: string; readonly version: string }[] = []
  for (let edit = 1; edit <= 50; edit += 1) {
    server.write(`press/${TASKS}`, saying(`Say ${edit}`)[TASKS] ?? '')
    const kickoffs = Array.from({ length: 4 }, async () => {
      const id = await server.kickoff({ inputs: {} })
      return { id, version: (await server.get(`/status/${id}`)).body.crew_version }
    })
    runs.push(...(await Promise.all(kickoffs)))
    // Some edits are in one burst, and some are not.
    if (edit % 5 === 0) await server.untilNews('press', edit / 5)
  }
  const ended = await Promise.all(runs.map(({ id }) => server.until(id, 'SUCCESS')))
  const { tasks } = (await server.get('/crews/press')).body
  const { versions } = (await server.get('/crews/press/versions?limit=100')).body
  const known = versions.map((one: { crew_version: string }) => one.crew_version)

  expect(ended.map((status) => status.crew_version)).toEqual(runs.map(({ version }) => version))
  expect(new Set(runs.map(({ version }) => version)).size).toBeGreaterThan(5)
  for (const { version } of runs) expect(known).toContain(version)
  // What a run was asked is what its version says.
  const said = new Map<string, string>()
  for (const { crew_version: version, result } of ended) {
    const text = /Say \d+/.exec(JSON.stringify(result))?.[0] ?? ''
    expect(said.get(version) ?? text).toBe(text)
    said.set(version, text)
  }
  expect(tasks[0].description).toBe('Say 50')
})

test('10,000 new files in the folder of a crew hide no change from it', async () => {
  const crew = { ...saying('0'), 'knowledge/first.md': 'x' }
  await using server = await startWatched({ crews: { press: crew } })
  const folder = join(server.crewsDir, 'press/knowledge')
  for (let number = 0; number < 10_000; number += 1)
    writeFileSync(join(folder, `${number}.md`), 'x')
  server.write(`press/${TASKS}`, saying('1')[TASKS] ?? '')
  server.write('desk/config/agents.yaml', saying('0')['config/agents.yaml'] ?? '')
  server.write(`desk/${TASKS}`, saying('0')[TASKS] ?? '')
  await server.untilNews('press', 1)
  await server.untilNews('desk', 1)
  server.write('desk/more/notes.md', 'x')
  server.write(`desk/${TASKS}`, saying('2')[TASKS] ?? '')
  await server.untilNews('desk', 2)

  expect(server.newsOf('press').length).toBe(1)
})

test('whatever is broken in a file, the crew that was served stays or is another good one', async () => {
  using directory = temporaryDirectory()
  const dir = join(writeCrews(directory.path, { research: RESEARCH_CREW }), 'research')
  const before = await loadFolder(dir)
  const file = fc.constantFrom('config/agents.yaml', TASKS)
  const junk = fc.oneof(
    fc.constant(''),
    fc.constantFrom(':', '- ', '{', '"', '\n', '\t', '&a', '*a', '!!js/function', '\0', '---\n'),
    fc.string({ maxLength: 3, unit: 'binary' }),
  )
  const breaking = fc.tuple(file, fc.nat(), fc.nat({ max: 20 }), junk)
  await fc.assert(
    fc.asyncProperty(breaking, async ([path, at, cut, text]) => {
      const good = RESEARCH_CREW[path] ?? ''
      const start = at % (good.length + 1)
      const broken = good.slice(0, start) + text + good.slice(start + cut)
      writeFileSync(join(dir, path), broken)
      const { folder, kept } = keepServed(before, await loadFolder(dir), true)
      writeFileSync(join(dir, path), good)

      const served = folder.crews.filter(({ crew }) => crew !== null)
      expect(served.map(({ name }) => name)).toEqual(['research'])
      const problems = [...folder.problems, ...folder.crews.flatMap((crew) => crew.problems)]
      if (kept.length > 0) {
        expect(served[0]?.crew).toBe(before.crews[0]?.crew)
        expect(problems).not.toEqual([])
      }
    }),
    { numRuns: 300 },
  )
})

test('a file that is cut at any byte keeps the crew served', async () => {
  using directory = temporaryDirectory()
  const dir = join(writeCrews(directory.path, { research: RESEARCH_CREW }), 'research')
  const before = await loadFolder(dir)
  const good = Buffer.from(RESEARCH_CREW[TASKS] ?? '')
  for (let size = 0; size < good.length; size += 1) {
    writeFileSync(join(dir, TASKS), good.subarray(0, size))
    const { folder } = keepServed(before, await loadFolder(dir), true)
    expect(folder.crews.map(({ name, crew }) => [name, crew !== null])).toEqual([
      ['research', true],
    ])
  }
})

const UNSHARE = 'unshare'
/** Within a namespace of its own a user may lower the limits. */
const limited = (limit: string, command: string) => [
  '-Ur',
  'sh',
  '-c',
  `echo 0 > /proc/sys/user/${limit} && exec ${command}`,
]
const canLimit = spawnSync(UNSHARE, limited('max_inotify_watches', 'true')).status === 0

test.skipIf(!canLimit).each([
  ['max_inotify_watches', 'ENOSPC', 'fs.inotify.max_user_watches'],
  ['max_inotify_instances', 'EMFILE', 'fs.inotify.max_user_instances'],
])('with %s used up the server says so, and goes on', (limit, code, setting) => {
  using directory = temporaryDirectory()
  const crewsDir = writeCrews(directory.path, { press: saying('0') })
  const script = `
    import { readConfig } from './src/config.ts'
    import { beginLoading } from './src/server/loading.ts'
    import { startServer } from './src/server/start.ts'
    const config = readConfig()
    const server = await startServer(config, beginLoading(config, true))
    server.follow((news) => console.log(JSON.stringify(news)))
    console.log((await fetch(server.url + '/readyz')).status)
    await server.close()
  `
  const command = `"${process.execPath}" --conditions=development --input-type=module -e "$SCRIPT"`
  const output = execFileSync(UNSHARE, limited(limit, command), {
    encoding: 'utf8',
    env: {
      SCRIPT: script,
      PATH: process.env['PATH'] ?? '',
      CREWS_DIR: crewsDir,
      DATABASE_URL: `sqlite:${directory.path}/data/coxswain.db`,
      PORT: '0',
      COXSWAIN_TOKEN: 'off',
      COXSWAIN_SIMULATE: 'on',
      LOG_LEVEL: 'silent',
    },
  })
  const [news = '', status] = output.trim().split('\n')

  expect(JSON.parse(news).trouble).toContain(`${crewsDir} is not watched any more`)
  expect(news).toContain(code)
  expect(news).toContain(setting)
  expect(status).toBe('200')
})
