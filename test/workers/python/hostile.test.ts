import { expect, test } from 'vitest'
import { callOf } from '../../harness/call-of.ts'
import { openPython } from '../../harness/open-python.ts'
import { LAB, LAB_DIR, PYTHON, referenceTo } from './python-lab.ts'

const python = test.runIf(PYTHON !== null)
const options = { interpreter: PYTHON }
const HOSTILE = referenceTo('tools.hostile', 'HostileTool')

python('what a tool says of itself is made fit for others', async () => {
  await using opened = openPython(LAB_DIR, options)

  const { name, parameters } = await opened.tool(HOSTILE)

  expect(name).toBe('Hostile \ufffd')
  expect(JSON.stringify(parameters.schema)).toContain('"default":"nan"')
})

python.each([
  ['leave', 'The tool failed: ValueError: left (tools/hostile.py:'],
  ['silence', 'silent'],
  ['unspeakable', 'The tool failed: Unspeakable: (its message cannot be told) (tools/hostile.py:'],
  ['loop_around', '{"self": "(…)", "<class '],
  ['shout', 'hoarse'],
  ['nested', '[[[[['],
])('a tool that does %s is answered, and the next call, too', async (how, text) => {
  await using opened = openPython(LAB_DIR, options)
  const tool = await opened.tool(HOSTILE)
  const lab = await opened.tool(LAB)
  const pid = await callOf(lab, { how: 'pid' })

  const outcome = await callOf(tool, { how })

  expect('text' in outcome && outcome.text.startsWith(text) && outcome.text.length < 2_000).toBe(
    true,
  )
  expect(await callOf(lab, { how: 'print' })).toEqual({ text: 'printed', failed: false })
  expect(await callOf(lab, { how: 'pid' })).toEqual(pid)
})

python.each(['speak_out', 'deafen'])(
  'a tool that does %s to the pipes of its process ends that alone',
  async (how) => {
    await using opened = openPython(LAB_DIR, options)
    const tool = await opened.tool(HOSTILE)
    const lab = await opened.tool(LAB)

    expect(await callOf(tool, { how })).toMatchObject({ failed: true })

    expect(await callOf(lab, { how: 'print' })).toEqual({ text: 'printed', failed: false })
  },
)

python(
  'what two crews of a project load at a time is loaded, though one of it ends the process',
  async () => {
    await using opened = openPython(LAB_DIR, options)
    const deadly = referenceTo('tools.deadly', 'Deadly')

    const [first, second] = await Promise.all([
      opened.code.load([deadly, LAB]),
      opened.code.load([HOSTILE, LAB]),
    ])

    const keys = (loaded: typeof first) => loaded.map((one) => 'value' in one && one.key)
    expect(keys(first)).toEqual([false, LAB.key])
    expect(keys(second)).toEqual([HOSTILE.key, LAB.key])
  },
)
