import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { coxswain } from '../harness/coxswain.ts'
import { temporaryCrews } from '../harness/temporary-crews.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { AGENTS, crewClass, METHODS, TASKS } from '../load/python/read-crew.ts'

test('a project becomes a crew that is checked and runs, and what is left to write is told', async () => {
  using directory = temporaryDirectory()
  const env = { CREWS_DIR: join(directory.path, 'crews'), COXSWAIN_SIMULATE: 'on' }
  const made = await coxswain(['import', 'test/projects/hooks'], env)
  const checked = await coxswain(['validate', 'hooks'], env)
  const run = await coxswain(['run', 'hooks', '--input', 'name=Ada'], env)

  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(made.stdout).toContain('wrote ')
  expect(made.stdout).toMatch(/1\. crew\.step_callback \(src\/hooks\/crew\.py:\d+\): it calls/)
  expect(made.stdout).toContain('Check it: npx coxswain validate hooks')
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('can be served') })
  expect(run.code).toBe(0)
})

test('tools are stubs with what models are told of them, in the order in which they are needed', async () => {
  using directory = temporaryDirectory()
  const to = join(directory.path, 'mine')
  const made = await coxswain(['import', 'test/projects/own_tools', '--to', to])
  const left = made.stdout.match(/^ {2}\d+\. .*$/gm)?.map((line) => line.split(': ')[0])

  expect(left?.[0]).toBe(`  1. write execute in ${to}/tools/ruler-tool.ts`)
  expect(
    readFileSync(join(to, 'tools/ruler-tool.ts'), 'utf8'),
  ).toBe(`import { defineTool } from 'coxswain'
import { z } from 'zod'

/** Stands for \`RulerTool()\` of own_tools.tools.ruler, at src/own_tools/crew.py:26 of the project. */
export default defineTool({
  name: 'Ruler',
  description: 'Tells how long a text is.',
  parameters: z.object({
    text: z.string().describe('The text'),
    unit: z.string().default('characters').describe('characters or words'),
  }),
  execute() {
    throw new Error(
      'Ruler is not written yet: tools/ruler-tool.ts has to do what the Python did, src/own_tools/crew.py:26.',
    )
  },
})
`)
})

test('several crews become several folders, also when one of them cannot be read', async () => {
  const other = crewClass(METHODS).replace('class Demo:', 'class Poem:')
  using project = temporaryCrews({
    'flow/src/flow/crew.py': crewClass(METHODS),
    'flow/src/flow/config/agents.yaml': AGENTS,
    'flow/src/flow/config/tasks.yaml': TASKS,
    'flow/src/flow/poem/crew.py': other,
  })
  const env = { CREWS_DIR: join(project.path, 'crews') }
  const made = await coxswain(['import', join(project.path, 'flow')], env)

  expect(made.code).toBe(1)
  expect(made.stderr).toContain(
    'flow/src/flow/poem/config/agents.yaml:1:1: agents.researcher.config',
  )
  expect(readdirSync(env.CREWS_DIR)).toEqual(['flow-demo'])
})

test('nothing that is there is written over, and nothing goes into the project', async () => {
  using directory = temporaryDirectory()
  const to = join(directory.path, 'mine')
  await coxswain(['import', 'test/projects/classic', '--to', to])
  writeFileSync(join(to, 'crew.yaml'), 'description: mine\n')
  const again = await coxswain(['import', 'test/projects/classic', '--to', to])
  const inside = 'test/projects/classic/crews/classic'
  const into = await coxswain(['import', 'test/projects/classic', '--to', inside])

  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') })
  expect(readFileSync(join(to, 'crew.yaml'), 'utf8')).toBe('description: mine\n')
  expect(into).toMatchObject({ code: 1, stderr: expect.stringContaining('inside of the project') })
  expect(readdirSync('test/projects/classic')).not.toContain('crews')
})

test.each([
  [['import'], 'Name the project: coxswain import <folder>.'],
  [['import', 'no/such'], 'There is no folder no/such.'],
  [['import', 'docs'], 'holds no crew'],
  [['import', 'test/fixtures/crews/haiku'], 'is a crew of ours already'],
  [['import', 'docs', '--format', 'toml'], 'The format is one of yaml, typescript, not "toml".'],
])('%j is refused in a line that says why', async (args, message) => {
  const { code, stderr } = await coxswain(args)
  expect(code).toBe(1)
  expect(stderr).toContain(message)
})
