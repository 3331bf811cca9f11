import { realpathSync } from 'node:fs'
import { expect, test } from 'vitest'
import { coxswain } from '../harness/coxswain.ts'
import { pythonLabCrew } from '../harness/python-lab-crew.ts'
import { RESEARCH_CREW } from '../harness/server.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { writeCrews } from '../harness/write-crews.ts'
import { PYTHON } from '../workers/python/python-lab.ts'

const python = test.runIf(PYTHON !== null)

const agents = (tools: string) =>
  `chemist: { role: Chemist, goal: Find out, backstory: You try., tools: [${tools}] }`

python('doctor names what is missing in each project, and what installs it', async () => {
  using directory = temporaryDirectory()
  const crewsDir = writeCrews(directory.path, {
    good: pythonLabCrew(),
    ill: {
      ...pythonLabCrew(),
      'config/agents.yaml': agents('lab, sick, sicker, broken'),
      'tools/sick.py': 'import html\nimport not_there_at_all',
      'tools/sicker.py': 'import not_there_at_all.deeper',
      'tools/broken.py': 'raise ValueError("broken")',
      'uv.lock': '',
    },
    plain: RESEARCH_CREW,
  })
  const env = { CREWS_DIR: crewsDir, COXSWAIN_PYTHON: PYTHON ?? '' }

  const { code, stdout } = await coxswain(['doctor'], env)

  expect(code).toBe(1)
  const dir = realpathSync(crewsDir)
  const [good, goodCount, ill, ...lines] = stdout.trimEnd().split('\n')
  expect(good).toMatch(/\/crews\/good: Python 3\.\d+\.\d+ in \//)
  expect(goodCount).toBe('  1 of 1 values can be loaded')
  expect(ill?.startsWith(`${dir}/ill: Python 3.`)).toBe(true)
  expect(lines.map((line) => line.replace(/ in \/\S+ \(Python [\d.]+\)/, ''))).toEqual([
    '  1 of 4 values can be loaded',
    '  tools/sick.py:2: the package not-there-at-all is not installed; uv add not-there-at-all',
    '  tools/sicker.py:1: the package not-there-at-all is not installed; uv add not-there-at-all',
    '  python:tools/broken.py: ValueError: broken (tools/broken.py:1)',
    '  To install what is missing:',
    `    cd ${dir}/ill`,
    '    uv add not-there-at-all',
  ])

  const only = await coxswain(['doctor', 'good'], env)
  expect(only.code).toBe(0)
  expect(only.stdout).not.toContain('ill')
})

python('doctor shows no secret that the .env of a project has', async () => {
  using directory = temporaryDirectory()
  const crewsDir = writeCrews(directory.path, {
    loud: {
      ...pythonLabCrew(),
      '.env': 'MY_SECRET=sk-of-this-project\n',
      'config/agents.yaml': agents('loud'),
      'tools/loud.py': 'import os\nraise RuntimeError(os.environ["MY_SECRET"])',
    },
  })

  const { stdout, stderr } = await coxswain(['doctor'], {
    CREWS_DIR: crewsDir,
    COXSWAIN_PYTHON: PYTHON ?? '',
  })

  expect(stdout).toMatch(/RuntimeError: \$\{MY_SECRET\}/)
  expect(stdout + stderr).not.toContain('sk-of-this-project')
})

test('doctor starts no Python where nothing needs it', async () => {
  using directory = temporaryDirectory()
  const crewsDir = writeCrews(directory.path, { plain: RESEARCH_CREW })
  const env = { CREWS_DIR: crewsDir, COXSWAIN_PYTHON: '/nowhere/python' }

  expect(await coxswain(['doctor'], env)).toMatchObject({
    code: 0,
    stdout: 'No crew has values that only Python can tell.\n',
  })
  expect(await coxswain(['doctor', 'gone'], env)).toMatchObject({ code: 1 })
})
