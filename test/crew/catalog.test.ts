import { expect, test } from 'vitest'
import { createCatalog } from '../../src/crew/catalog.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { callOf } from '../harness/call-of.ts'
import { makeAgent, makeCrew } from '../harness/samples.ts'

const tool = (key: string, answer: string): Tool => ({
  key,
  name: 'search',
  description: 'Searches',
  parameters: { schema: { type: 'object' } },
  resultAsAnswer: false,
  timeoutMs: 1000,
  onCrash: 'retry',
  call: async () => ({ text: answer, failed: false }),
})

const crewWith = (...tools: readonly Tool[]) => makeCrew({ agents: [makeAgent({ tools })] })

test('what is served follows a replacement, and so does the only crew at the root', () => {
  const first = makeCrew({ name: 'first' })
  const second = makeCrew({ name: 'second' })
  const catalog = createCatalog([first], null)
  const served = catalog.get('first')
  catalog.replace([first, second], new Map())

  expect(catalog.names).toEqual(['first', 'second'])
  expect(catalog.get('first')).toBe(served)
  expect(catalog.defaultName).toBeNull()
  catalog.replace([second], new Map())
  expect(catalog.get('first')).toBeUndefined()
  expect(catalog.defaultName).toBe('second')
})

test('a tool is the code that the crew has when it is called, wherever it stands by then', async () => {
  const before = crewWith(tool('tools/search.ts', 'before'))
  const catalog = createCatalog([before], null)
  const [kept] = catalog.get(before.name)?.crew.agents[0]?.tools ?? []
  if (kept === undefined) throw new Error('it has a tool')

  expect(await callOf(kept, {})).toEqual({ text: 'before', failed: false })
  catalog.replace([crewWith(tool('tools/find.ts', 'after'))], new Map())
  expect(await callOf(kept, {})).toEqual({ text: 'after', failed: false })
  catalog.replace([], new Map())
  expect(await callOf(kept, {})).toEqual({
    text: 'The tool failed: the crew has no tool search any more',
    failed: true,
  })
})
