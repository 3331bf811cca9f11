import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { callOf } from '../../harness/call-of.ts'
import { openPython } from '../../harness/open-python.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { PATIENT } from '../worker-contract.ts'
import { LAB, LAB_DIR, PYTHON, referenceTo } from './python-lab.ts'

const python = test.runIf(PYTHON !== null)
const options = { interpreter: PYTHON }

const textOf = (outcome: object) => ('text' in outcome ? String(outcome.text) : '')

python.each([
  ['quit', 'SystemExit: 3 (tools/lab.py:'],
  ['recurse', 'RecursionError: maximum recursion depth exceeded'],
  ['exhaust', 'MemoryError (tools/lab.py:'],
  ['input', 'EOFError: EOF when reading a line (tools/lab.py:'],
  ['module', 'the package a-package-that-is-not-there is not installed in '],
])('a tool that does %s has failed, and its process goes on', async (how, reason) => {
  await using opened = openPython(LAB_DIR, options)
  const tool = await opened.tool(LAB)
  const pid = await callOf(tool, { how: 'pid' })

  const outcome = await callOf(tool, { how })

  expect(outcome).toMatchObject({ failed: true })
  expect(textOf(outcome)).toContain(reason)
  expect(await callOf(tool, { how: 'pid' })).toEqual(pid)
})

python('what a tool gives becomes a text, whatever it is', async () => {
  await using opened = openPython(LAB_DIR, options)
  const tool = await opened.tool(LAB)

  const odd = await callOf(tool, { how: 'odd' })
  expect(textOf(odd)).toBe(
    `{"nan": NaN, "bytes": "//4=", "set": [1], "half": "\ufffd", "whole": "😀", "type": "<class 'object'>", "7": null}`,
  )
  expect(await callOf(tool, { how: 'nothing' })).toEqual({ text: '(no result)', failed: false })
  const long = textOf(await callOf(tool, { how: 'long' }))
  expect(long.slice(100_000)).toBe('\n[Cut: these are the first 100000 of 1000000 characters.]')
})

python('processes that a tool forks or starts do not disturb it', async () => {
  await using opened = openPython(LAB_DIR, options)
  const tool = await opened.tool(LAB)

  expect(await callOf(tool, { how: 'fork' })).toEqual({ text: '0', failed: false })
  expect(await callOf(tool, { how: 'pool' })).toEqual({ text: '[1]', failed: false })
  expect(await callOf(tool, { how: 'askLoop' })).toEqual({ text: 'looped', failed: false })
})

python('what is printed is logged with its call, and past Python without', async () => {
  await using opened = openPython(LAB_DIR, options)
  const tool = await opened.tool(LAB)

  await callOf(tool, { how: 'print' })
  await callOf(tool, { how: 'printRaw' })

  const lines = () => opened.logged.filter(({ output }) => output !== undefined)
  await vi.waitFor(() => expect(lines()).toHaveLength(4), PATIENT)
  const whose = { tool: LAB.key, runId: 'test' }
  expect(lines()).toMatchObject([
    { output: '{"type":"result","id":1}', stream: 'stdout', ...whose },
    { output: 'a complaint', stream: 'stderr', ...whose },
    { output: 'past Python' },
    { output: '{"type":"result","id":1}' },
  ])
  expect(lines()[2]).not.toHaveProperty('tool')
})

python(
  'an asynchronous tool is cancelled when its time is over, and others run beside it',
  async () => {
    await using opened = openPython(LAB_DIR, options)
    using directory = temporaryDirectory()
    const ledger = join(directory.path, 'ledger')
    const tool = await opened.tool(referenceTo('tools.more', 'later', 'later'))
    const hasty = opened.code.bind({ ...tool, timeoutMs: 50 })

    const [late, good] = await Promise.all([
      callOf(hasty, { ledger, ms: 60_000 }),
      callOf(tool, { ledger }),
    ])

    expect(late).toEqual({ text: 'The tool gave no result within 0.05 s.', failed: true })
    expect(good).toEqual({ text: 'later', failed: false })
    await vi.waitFor(() => expect(readFileSync(ledger, 'utf8')).toBe('cancelled\n'), PATIENT)
  },
)

python('a process in which a quarter of the threads hang is replaced', async () => {
  await using opened = openPython(LAB_DIR, { ...options, threads: 4 })
  const tool = await opened.tool(LAB)
  const first = await callOf(tool, { how: 'pid' })
  const hasty = opened.code.bind({ ...tool, timeoutMs: 50 })

  await callOf(hasty, { how: 'hang' })

  const reason = 'it goes on though nobody waits for it any more'
  await vi.waitFor(
    () => expect(opened.logged).toContainEqual(expect.objectContaining({ type: 'worn', reason })),
    PATIENT,
  )
  expect(await callOf(tool, { how: 'pid' }, { context: { runId: 'other' } })).not.toEqual(first)
})

python('the time of a call does not run while it waits for a thread', async () => {
  await using opened = openPython(LAB_DIR, { ...options, threads: 1 })
  const tool = await opened.tool(LAB)
  const hasty = opened.code.bind({ ...tool, timeoutMs: 700 })

  const calls = [1, 2, 3].map(() => callOf(hasty, { how: 'wait', ms: 400 }))

  const waited = { text: 'waited', failed: false }
  expect(await Promise.all(calls)).toEqual([waited, waited, waited])
})

python('an asynchronous tool that lets no other run gets a process of its own', async () => {
  await using opened = openPython(LAB_DIR, options)
  const careless = await opened.tool(referenceTo('tools.more', 'careless', 'careless'))
  const later = await opened.tool(referenceTo('tools.more', 'later', 'later'))

  const outcomes = await Promise.all([
    callOf(careless, { ms: 3_000 }),
    callOf(later, { ledger: '', ms: 10 }),
  ])

  expect(outcomes.map(textOf)).toEqual(['careless', 'later'])
  const reason = 'it lets no other asynchronous call run'
  expect(opened.logged).toContainEqual(
    expect.objectContaining({ type: 'worn', reason, tool: careless.key }),
  )
})

python('a hundred calls at once are each made once', async () => {
  await using opened = openPython(LAB_DIR, options)
  using directory = temporaryDirectory()
  const ledger = join(directory.path, 'ledger')
  const tool = await opened.tool(LAB)
  const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`)

  const outcomes = await Promise.all(
    keys.map((idempotencyKey) =>
      callOf(tool, { how: 'wait', ms: 20, ledger }, { context: { idempotencyKey } }),
    ),
  )

  expect(outcomes).toEqual(keys.map(() => ({ text: 'waited', failed: false })))
  expect(readFileSync(ledger, 'utf8').trim().split('\n').toSorted()).toEqual(keys.toSorted())
})

python(
  'calls that are cut off by a kill are made again, and those that had ended are not',
  async () => {
    await using opened = openPython(LAB_DIR, options)
    using directory = temporaryDirectory()
    const ledger = join(directory.path, 'ledger')
    writeFileSync(ledger, '')
    const tool = await opened.tool(LAB)
    const pid = Number(textOf(await callOf(tool, { how: 'pid' })))
    const made = () => readFileSync(ledger, 'utf8').trim().split('\n')
    const call = (index: number, ms: number) => {
      const context = { runId: `run-${index}`, idempotencyKey: `key-${index}` }
      return callOf(tool, { how: 'wait', ms, ledger }, { context })
    }
    await Promise.all([0, 1, 2, 3, 4].map((index) => call(index, 1)))

    const calls = Array.from({ length: 10 }, (_, index) => call(index + 5, 1_500))
    await vi.waitFor(() => expect(made().length).toBe(15), PATIENT)
    process.kill(pid, 'SIGKILL')

    expect(await Promise.all(calls)).toEqual(calls.map(() => ({ text: 'waited', failed: false })))
    const counts = Map.groupBy(made(), (key) => key)
    for (let index = 0; index < 15; index += 1)
      expect(counts.get(`key-${index}`)).toHaveLength(index < 5 ? 1 : 2)
  },
)

python(
  'a package that is missing is named with its place and the command that installs it',
  async () => {
    using directory = temporaryDirectory()
    writeFileSync(join(directory.path, 'a.py'), 'import os\nimport yaml_that_is_not_there\n')
    writeFileSync(join(directory.path, 'good.py'), 'VALUE = [1, {"a": None}]\n')
    await using opened = openPython(directory.path, options)
    const bad = referenceTo('a', 'x', 'x')

    const [missing, good] = await opened.code.load([bad, referenceTo('good', 'VALUE', 'VALUE')])

    expect(missing).toMatchObject({
      error: expect.stringMatching(
        /^a\.py:2: the package yaml-that-is-not-there is not installed in \S+ \(Python 3\.\d+\.\d+\); .*pip install yaml-that-is-not-there$/,
      ),
      missing: {
        package: 'yaml-that-is-not-there',
        command: expect.stringContaining('pip install'),
      },
    })
    expect(good).toMatchObject({ value: [1, { a: null }] })
  },
)

python.each([
  ['uv.lock', '', 'uv add some-thing'],
  ['pyproject.toml', '[tool.uv]\ndependencies = ["some_thing>=1"]', 'uv sync'],
  ['poetry.lock', '', 'poetry add some-thing'],
  ['requirements.txt', 'some-thing==2', 'pip install -r requirements.txt'],
])('what installs it is told as the project does it: %s', async (file, text, command) => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, file), text)
  writeFileSync(join(directory.path, 'a.py'), 'import some_thing')
  await using opened = openPython(directory.path, options)

  const [missing] = await opened.code.load([referenceTo('a', 'x', 'x')])

  expect(missing).toMatchObject({ missing: { command: expect.stringContaining(command) } })
})

python.each([
  ['import nothing_else.here', /a\.py:1: the package nothing-else is not installed/],
  ['from good import gone', /^ImportError: cannot import name 'gone' from 'good'.*\(a\.py:1\)$/],
  ['import good.deeper', /^ModuleNotFoundError: No module named 'good\.deeper'.*\(a\.py:1\)$/],
  ['def f(:', /^SyntaxError: .* \(a\.py:1\)$/],
  ['import sys\nsys.exit("no")', /^SystemExit: no \(a\.py:2\)$/],
  ['x = y', /^NameError: name 'y' is not defined \(a\.py:1\)$/],
  ['z = 1', /^there is no x in a \(a:x\)$/],
])('a module that cannot be loaded says why: %s', async (text, message) => {
  using directory = temporaryDirectory()
  writeFileSync(join(directory.path, 'a.py'), text)
  writeFileSync(join(directory.path, 'good.py'), '')
  await using opened = openPython(directory.path, options)

  const [broken] = await opened.code.load([referenceTo('a', 'x', 'x')])

  expect(broken).toMatchObject({ error: expect.stringMatching(message) })
})

python('a tool whose settings are wrong says so', async () => {
  await using opened = openPython(LAB_DIR, options)
  const other = referenceTo('tools.other', 'OtherTool', "OtherTool(on_crash='maybe')")

  const [broken] = await opened.code.load([other])

  expect(broken).toMatchObject({
    error: "Other: on_crash must be one of retry, ask, fail, got 'maybe'",
  })
})
