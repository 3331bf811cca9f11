import { join } from 'node:path'
import { expect, test } from 'vitest'
import { coxswain } from './harness/coxswain.ts'
import { startReceiver } from './harness/receiver.ts'
import { RESEARCH_CREW, REVIEWED_CREW } from './harness/server.ts'
import { temporaryDirectory } from './harness/temporary-directory.ts'
import { writeCrews } from './harness/write-crews.ts'

test('run brings a crew to its end, with its progress on stderr and its result on stdout', async () => {
  const inputs = ['--input', 'topic=tides', '--input', 'audience=sailors']
  const { code, stdout, stderr } = await coxswain(['run', 'research-report', ...inputs])

  expect(code).toBe(0)
  expect(stdout).toContain('tides')
  expect(stderr).toContain('SIMULATED')
  expect(stderr.match(/^(research|report)_task: /gm)?.length).toBe(2)
})

test('run tells on stderr what of the crew has no effect', async () => {
  using directory = temporaryDirectory()
  const crew = { ...RESEARCH_CREW, 'crew.yaml': 'memory: true' }
  const env = { CREWS_DIR: writeCrews(directory.path, { research: crew }) }
  const { code, stderr } = await coxswain(['run', 'research', '--input', 'topic=tides'], env)

  expect(code).toBe(0)
  expect(stderr).toContain('research/crew.yaml:1:1: memory: has no effect yet')
})

test('run without its inputs names the missing ones', async () => {
  const { code, stderr } = await coxswain(['run', 'research-report', '--input', 'topic=tides'])

  expect(code).toBe(1)
  expect(stderr).toBe('coxswain: Missing inputs: --input audience=…\n')
})

test('run of a crew that asks a person makes nobody up where there is no terminal', async () => {
  using directory = temporaryDirectory()
  const env = { CREWS_DIR: writeCrews(directory.path, { desk: REVIEWED_CREW }) }
  const { code, stdout, stderr } = await coxswain(['run', 'desk', '--input', 'letter=Hello'], env)

  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain('no terminal')
})

test('inputs lists the inputs of a crew in the order of its texts', async () => {
  const { code, stdout } = await coxswain(['inputs', 'travel-planner'])

  expect(code).toBe(0)
  expect(stdout).toBe('budget\ninterests\nduration\nage\n')
})

test('inputs tells defaults and other names', async () => {
  using directory = temporaryDirectory()
  const crew = {
    ...RESEARCH_CREW,
    'crew.yaml': 'inputs: { topic: tides }\ninput_aliases: { topic: [subject, theme] }',
  }
  const env = { CREWS_DIR: writeCrews(directory.path, { research: crew }) }
  const { stdout } = await coxswain(['inputs', 'research'], env)
  const done = await coxswain(['run', 'research', '--input', 'theme=ebbs'], env)

  expect(stdout).toBe('topic (default: "tides"; or: subject, theme)\n')
  expect(done.stdout).toContain('ebbs')
})

test('inputs tells what is declared, and run holds to it', async () => {
  using directory = temporaryDirectory()
  const crew = {
    ...RESEARCH_CREW,
    'config/tasks.yaml':
      'research_task: { description: "Use {topic} and {key}", expected_output: E, agent: researcher }',
    'crew.yaml': `
inputs:
  topic: { type: integer, minimum: 1, maximum: 9, description: A number }
  key: { type: string, sensitive: true, required: false }
`,
  }
  const env = { CREWS_DIR: writeCrews(directory.path, { research: crew }) }
  const { stdout } = await coxswain(['inputs', 'research'], env)
  const wrong = await coxswain(['run', 'research', '--input', 'topic=ten'], env)
  const right = await coxswain(['run', 'research', '--input', 'topic=7'], env)

  expect(stdout).toBe(
    'topic (a whole number from 1 to 9): A number\nkey (a text; sensitive; need not be given)\n',
  )
  expect(wrong.stderr).toContain(
    'coxswain: inputs.topic: must be a whole number from 1 to 9, but is "ten"\n',
  )
  expect(right.code).toBe(0)
})

test('validate prints every problem with file and key, and fails', async () => {
  using directory = temporaryDirectory()
  const crewsDir = writeCrews(directory.path, {
    good: RESEARCH_CREW,
    bad: {
      'config/agents.yaml': 'writer: { role: Writer, goal: "", backstory: You write. }',
      'config/tasks.yaml': 'write: { description: D, expected_output: E, agent: writr }',
    },
  })
  const { code, stdout } = await coxswain(['validate'], { CREWS_DIR: crewsDir })

  expect(code).toBe(1)
  expect(stdout).toMatch(/bad\/config\/agents.yaml.*writer.goal/)
  expect(stdout).toMatch(/bad\/config\/tasks.yaml.*write.agent.*writr.*writer/)
  expect(stdout).toContain('good: can be served')
})

test('validate fails on what has no effect when it is strict', async () => {
  using directory = temporaryDirectory()
  const { 'config/tasks.yaml': tasks = '' } = RESEARCH_CREW
  const crewsDir = writeCrews(directory.path, {
    research: { ...RESEARCH_CREW, 'config/tasks.yaml': tasks, 'crew.yaml': 'memory: true' },
    notes: { 'README.md': 'No crew.' },
  })
  const env = { CREWS_DIR: crewsDir }
  const lax = await coxswain(['validate'], env)
  const strict = await coxswain(['validate', '--strict'], env)
  const other = await coxswain(['validate', 'notes'], env)

  expect([lax.code, strict.code, other.code]).toEqual([0, 1, 1])
  expect(lax.stdout).toContain(`${crewsDir}/research/crew.yaml:1:1: memory: has no effect yet`)
  expect(strict.stdout).toBe(lax.stdout)
})

test('validate prints JSON for programs, and colours for terminals only', async () => {
  using directory = temporaryDirectory()
  const crewsDir = writeCrews(directory.path, {
    good: { ...RESEARCH_CREW, 'crew.yaml': 'memory: true' },
    bad: { 'config/agents.yaml': '', 'config/tasks.yaml': '{' },
  })
  const { code, stdout } = await coxswain(['validate', '--json'], { CREWS_DIR: crewsDir })
  const coloured = await coxswain(['validate'], { CREWS_DIR: crewsDir, FORCE_COLOR: '1' })
  const plain = await coxswain(['validate'], { CREWS_DIR: crewsDir })

  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    served: ['good'],
    problems: [
      { code: 'value-wrong', severity: 'error', crew: 'bad', hasNoEffect: false },
      { code: 'syntax', file: 'bad/config/tasks.yaml', line: 1, column: 2 },
      { code: 'field-unsupported', crew: 'good', key: 'memory', hasNoEffect: true },
    ],
  })
  expect(coloured.stdout).toContain('\u001B[31merror')
  expect(plain.stdout).not.toContain('\u001B')
})

test('validate names the variable that a model lacks', async () => {
  const env = { COXSWAIN_SIMULATE: 'off' }
  const { code, stdout } = await coxswain(['validate', 'research-report'], env)

  expect(code).toBe(0)
  expect(stdout).toContain('OPENAI_API_KEY')
})

test('a bad setting stops the start with one line that names it', async () => {
  const { code, stdout, stderr } = await coxswain(['serve'], { PORT: 'abc' })

  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toBe('coxswain: PORT must be a whole number from 0 to 65535, got "abc".\n')
})

test('a port that is taken stops the start with a line that says so', async () => {
  using directory = temporaryDirectory()
  await using holder = await startReceiver()
  const { port } = holder
  const env = { PORT: String(port), DATABASE_URL: `sqlite:${join(directory.path, 'd/c.db')}` }
  const { code, stderr } = await coxswain(['serve'], env)

  expect(code).toBe(1)
  expect(stderr).toContain(`EADDRINUSE: address already in use 127.0.0.1:${port}`)
})

test('an unknown command is answered with what there is', async () => {
  const { code, stderr } = await coxswain(['start'])

  expect(code).toBe(2)
  expect(stderr).toContain('Usage: coxswain')
})
