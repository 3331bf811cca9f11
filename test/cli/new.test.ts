import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newCrewFiles } from '../../src/cli/new-crew.ts'
import { coxswain } from '../harness/coxswain.ts'
import { startTestServer } from '../harness/server.ts'
import { loadFiles } from '../harness/temporary-crews.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'

const crewsIn = (directory: { readonly path: string }) => join(directory.path, 'crews')

test('without a terminal a crew is written with what the options say, and runs', async () => {
  using directory = temporaryDirectory()
  const env = { CREWS_DIR: crewsIn(directory) }
  const options = ['--purpose', 'Answers "angry" letters: {fast}', '--input', 'letter']
  const made = await coxswain(['new', 'desk', ...options], env)
  const files = made.stdout.match(/^wrote (.*)$/gm)
  const checked = await coxswain(['validate', 'desk', '--strict'], env)
  const run = await coxswain(['run', 'desk', '--input', 'letter=Where is my lamp?'], env)

  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(files?.map((line) => line.split('desk/')[1])).toEqual([
    'crew.yaml',
    'config/agents.yaml',
    'config/tasks.yaml',
  ])
  expect(made.stdout).toContain('coxswain run desk --input letter="')
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('desk: can be served') })
  expect(run.code).toBe(0)
  expect(run.stdout).toContain('Where is my lamp?')
})

test('a crew in TypeScript is served, and kicked off with its input', async () => {
  const files = newCrewFiles({
    name: 'desk',
    purpose: "It's `odd` $1 \\ {topic}",
    input: 'topic',
    format: 'typescript',
  })
  await using server = await startTestServer({ crews: { desk: files } })
  const { body } = await server.get('/inputs')
  const refused = await server.post('/kickoff', { inputs: { topic: '' } })
  const runId = await server.kickoff({ inputs: { topic: 'tides' } })
  const { tasks } = await server.until(runId, 'SUCCESS')

  expect(body.inputs).toEqual(['topic'])
  expect(refused.status).toBe(422)
  expect(tasks.length).toBe(2)
})

test.each(['yaml', 'typescript'] as const)('a new crew in %s has no problem', async (format) => {
  const files = newCrewFiles({ name: 'desk', purpose: 'A: b # c\n- d', input: 'x', format })
  const paths = Object.entries(files).map(([path, text]) => [`desk/${path}`, text] as const)
  const { crews, codes, problems } = await loadFiles(Object.fromEntries(paths))
  await Promise.all([...codes.values()].map((code) => code.stop()))

  expect(problems).toEqual([])
  expect(crews.get('desk')?.description).toBe('A: b # c\n- d')
})

test('what is there is not written over', async () => {
  using directory = temporaryDirectory()
  const env = { CREWS_DIR: crewsIn(directory) }
  await coxswain(['new', 'desk', '--purpose', 'first'], env)
  const again = await coxswain(
    ['new', 'desk', '--purpose', 'second', '--format', 'typescript'],
    env,
  )

  expect(again.code).toBe(1)
  expect(again.stderr).toContain('desk is there already, and nothing was written')
  expect(existsSync(join(env.CREWS_DIR, 'desk/crew.ts'))).toBe(false)
  expect(readFileSync(join(env.CREWS_DIR, 'desk/crew.yaml'), 'utf8')).toContain('first')
})

test.each([
  [['new'], 'Name the crew: coxswain new <name>.'],
  [['new', 'My Crew!'], '"My Crew!" cannot be the name of a crew, which is a part of its URL'],
  [['new', 'My Crew!'], 'my-crew would do'],
  [['new', '../desk'], 'desk would do'],
  [['new', 'desk', '--input', 'a b'], '"a b" cannot be the name of an input'],
  [['new', 'desk', '--format', 'toml'], 'The format is one of yaml, typescript, not "toml".'],
  [['new', 'desk', '--purpose', 'x'.repeat(501)], 'The purpose may have 500 characters.'],
])('%j is refused with what is wrong', async (args, message) => {
  using directory = temporaryDirectory()
  const { code, stderr } = await coxswain(args, { CREWS_DIR: crewsIn(directory) })

  expect(code).toBe(1)
  expect(stderr).toContain(message)
  expect(existsSync(crewsIn(directory))).toBe(false)
})
