import {
  appendFileSync,
  cpSync,
  mkdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Tool } from '../../../src/tools/tool.ts'
import type { PythonReference } from '../../../src/workers/python/reference.ts'
import { callOf } from '../../harness/call-of.ts'
import { type OpenedPython, openPython } from '../../harness/open-python.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { isAlive, PATIENT } from '../worker-contract.ts'
import { LAB, LAB_DIR, PYTHON, referenceTo } from './python-lab.ts'

const python = test.runIf(PYTHON !== null)
const options = { interpreter: PYTHON }

async function bindLater({ code }: OpenedPython, reference: PythonReference, name: string) {
  const told = { reference, name, description: 'Says hello.', schema: { type: 'object' } }
  const [tool] = (await code.bindLater([told])) ?? []
  if (tool === undefined) throw new Error('there is no Python')
  return tool
}

python(
  'what is bound from its file alone is loaded at the first call, and a difference is told',
  async () => {
    await using opened = openPython(LAB_DIR, options)
    const reference = referenceTo('tools.more', 'Greeter')
    const tool = await bindLater(opened, reference, 'Greeter')

    expect(opened.code.interpreter()).toBeNull()
    expect(await callOf(tool, { name: 'Ada' })).toEqual({ text: 'Hello Ada', failed: false })

    expect(opened.code.interpreter()).toMatchObject({ version: expect.stringMatching(/^3\./) })
    expect(opened.logged).toContainEqual(
      expect.objectContaining({
        tool: reference.key,
        differs: ['description', 'parameters', 'resultAsAnswer'],
      }),
    )
  },
)

python('a tool that cannot be loaded at its first call is told to the log', async () => {
  await using opened = openPython(LAB_DIR, options)
  const reference = referenceTo('tools.more', 'NotThere')
  const tool = await bindLater(opened, reference, 'Not there')

  expect(await callOf(tool, {})).toMatchObject({ failed: true })

  expect(opened.logged).toContainEqual(
    expect.objectContaining({
      level: 40,
      key: reference.key,
      reason: expect.stringContaining('NotThere'),
      msg: 'a value of a crew cannot be loaded; calls of it fail',
    }),
  )
})

python('that the interpreter is gone since the start is told to the log', async () => {
  using directory = temporaryDirectory()
  const interpreter = join(directory.path, 'python')
  symlinkSync(PYTHON ?? '', interpreter)
  await using opened = openPython(LAB_DIR, { interpreter })
  const tool = await bindLater(opened, referenceTo('tools.more', 'Greeter'), 'Greeter')
  rmSync(interpreter)

  expect(await callOf(tool, {})).toMatchObject({ failed: true })

  expect(opened.logged).toContainEqual(
    expect.objectContaining({
      level: 40,
      reason: expect.stringContaining('ENOENT'),
      msg: 'the code of a crew cannot be loaded; calls of it fail',
    }),
  )
})

python(
  'what ends its process while it is loaded at its first call has failed, and the next is not tried',
  async () => {
    await using opened = openPython(LAB_DIR, options)
    const deadly = referenceTo('tools.deadly', 'Deadly')
    const greeter = referenceTo('tools.more', 'Greeter')
    const deadlyTool = await bindLater(opened, deadly, 'Deadly')
    const greeterTool = await bindLater(opened, greeter, 'Greeter')

    const ended = { text: 'The tool failed: it called os.abort()', failed: true }
    expect(await callOf(deadlyTool, {})).toEqual(ended)
    const ends = () => opened.logged.filter(({ type }) => type === 'ended').length
    const before = ends()
    expect(await callOf(deadlyTool, {})).toEqual(ended)
    expect(ends()).toBe(before)
    expect(await callOf(greeterTool, { name: 'Ada' })).toMatchObject({ text: 'Hello Ada' })
  },
)

python(
  'the log shows no secret of the project that its code quotes at the first call',
  async () => {
    using directory = temporaryDirectory()
    mkdirSync(join(directory.path, 'tools'))
    writeFileSync(
      join(directory.path, '.env'),
      `MY_SECRET=sk-of-this-project\nMY_URL=\${MY_SECRET}/v1\n`,
    )
    writeFileSync(
      join(directory.path, 'tools/loud.py'),
      'import os\nraise RuntimeError(os.environ["MY_URL"])',
    )
    await using opened = openPython(realpathSync(directory.path), options)
    const tool = await bindLater(opened, referenceTo('tools.loud', 'Loud'), 'Loud')

    expect(await callOf(tool, {})).toMatchObject({ failed: true })

    const logged = JSON.stringify(opened.logged)
    expect(logged).toMatch(/RuntimeError: \$\{MY_SECRET\}\/v1/)
    expect(logged).not.toContain('sk-of-this-project')
  },
)

python('settings hold for a tool whatever it says itself', async () => {
  const tools = { Lab: { timeoutMs: 40, onCrash: 'ask' as const } }
  await using opened = openPython(LAB_DIR, { ...options, onCrash: 'fail', tools })

  const lab = await opened.tool(LAB)
  const shout = await opened.tool(referenceTo('tools.more', 'shout', 'shout'))

  expect(lab).toMatchObject({ timeoutMs: 40, onCrash: 'ask' })
  expect(shout).toMatchObject({ timeoutMs: 60_000, onCrash: 'fail' })
  expect(await callOf(lab, { how: 'hang' })).toMatchObject({
    text: 'The tool gave no result within 0.04 s.',
  })
})

python(
  'code finds the project’s variables and those that it names, and none of the server’s',
  async () => {
    using directory = temporaryDirectory()
    const dir = join(directory.path, 'lab')
    cpSync(LAB_DIR, dir, { recursive: true })
    writeFileSync(join(dir, '.env'), 'PROJECT_KEY=mine\nHOME=/elsewhere\n')
    const secrets = { COXSWAIN_TOKEN: 'hidden', OPENAI_API_KEY: 'hidden', SEARCH_KEY: 'named' }
    for (const [name, value] of Object.entries(secrets)) vi.stubEnv(name, value)
    const variables = ['SEARCH_KEY', 'COXSWAIN_TOKEN']
    await using opened = openPython(dir, { ...options, variables })
    const outcome = await callOf(await opened.tool(LAB), { how: 'environment' })
    vi.unstubAllEnvs()

    const text = 'text' in outcome ? outcome.text : ''
    expect(JSON.parse(text)).toMatchObject({
      PROJECT_KEY: 'mine',
      HOME: '/elsewhere',
      SEARCH_KEY: 'named',
      PATH: expect.any(String),
    })
    expect(text).not.toContain('hidden')
  },
)

python('the hash of code follows what it imports, not where it lies', async () => {
  using one = temporaryDirectory()
  using two = temporaryDirectory()
  const dirs = [one, two].map(({ path }) => join(realpathSync(path), 'lab'))
  for (const dir of dirs) cpSync(LAB_DIR, dir, { recursive: true })
  const hashOf = async (dir: string) => {
    await using opened = openPython(dir, options)
    await opened.tool(LAB)
    return opened.code.codeHash()
  }
  const [here = '', there = ''] = dirs

  const first = await hashOf(here)
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(await hashOf(there)).toBe(first)
  writeFileSync(join(there, 'tools/other.py'), 'a = 1')
  expect(await hashOf(there)).toBe(first)
  appendFileSync(join(there, 'chunk_size.py'), '# changed\n')
  expect(await hashOf(there)).not.toBe(first)
})

python('a process ends when nobody has called it for a while, and begins again', async () => {
  await using opened = openPython(LAB_DIR, { ...options, idleMs: 50 })
  const tool = await opened.tool(LAB)
  const pid = async () => {
    const outcome = await callOf(tool, { how: 'pid' })
    return Number('text' in outcome && outcome.text)
  }

  const first = await pid()
  await vi.waitFor(() => expect(isAlive(first)).toBe(false), PATIENT)
  expect(await pid()).not.toBe(first)
})

python('a stand-in serves what only writes tools, where CrewAI is not installed', async () => {
  using directory = temporaryDirectory()
  const write = (name: string, text: string) =>
    writeFileSync(join(directory.path, `${name}.py`), text)
  write(
    'a',
    'from crewai_tools import BaseTool, tool\n@tool\ndef ping():\n  "Pings."\n  return "pong"',
  )
  write('b', 'from crewai import Agent, LLM\nx = 1')
  await using opened = openPython(directory.path, { ...options, mode: 'light' })

  const [ping, other] = await opened.code.load([
    referenceTo('a', 'ping', 'ping'),
    referenceTo('b', 'x', 'x'),
  ])

  expect(await callOf((ping as { readonly value?: Tool } | undefined)?.value, {})).toMatchObject({
    text: 'pong',
  })
  expect(other).toMatchObject({
    error: expect.stringMatching(/^b\.py:1: the package crewai is not installed/),
    missing: { package: 'crewai' },
  })
})
