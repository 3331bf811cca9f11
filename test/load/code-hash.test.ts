import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hashCode } from '../../src/load/code-hash.ts'
import { temporaryCrews } from '../harness/temporary-crews.ts'

const CODE = { 'tools/a.ts': 'a', 'lib/deep/b.js': 'b', 'data.json': '{}' }

async function hashOf(files: Readonly<Record<string, string>>): Promise<string> {
  using directory = temporaryCrews(files)
  return await hashCode(directory.path)
}

test('code is the same wherever the crew lies', async () => {
  expect(await hashOf(CODE)).toBe(await hashOf(CODE))
  expect(await hashOf(CODE)).toMatch(/^[0-9a-f]{64}$/)
})

test.each<[string, Readonly<Record<string, string>>]>([
  ['another content', { ...CODE, 'tools/a.ts': 'A' }],
  ['one file more', { ...CODE, 'c.mts': '' }],
  ['another name', { 'tools/z.ts': 'a', 'lib/deep/b.js': 'b', 'data.json': '{}' }],
])('%s is other code', async (_, files) => {
  expect(await hashOf(files)).not.toBe(await hashOf(CODE))
})

test('definitions, texts, packages and hidden files are no code', async () => {
  const others = {
    'crew.json': '{}',
    'crew.jsonc': '{}',
    'agents/a.json': '{}',
    'config/tasks.yaml': '',
    'README.md': '',
    'node_modules/x/index.js': '',
    '.git/hooks.js': '',
  }

  expect(await hashOf(others)).toBe('')
  expect(await hashOf({ ...CODE, ...others })).toBe(await hashOf(CODE))
})

test('links are followed, and lead round in no circle', async () => {
  using directory = temporaryCrews({ 'tools/a.ts': 'a' })
  const before = await hashCode(directory.path)
  symlinkSync(directory.path, join(directory.path, 'tools/back'))
  symlinkSync(join(directory.path, 'nowhere'), join(directory.path, 'dangling.ts'))
  expect(await hashCode(directory.path)).toBe(before)
  writeFileSync(join(directory.path, 'real'), 'x')
  symlinkSync(join(directory.path, 'real'), join(directory.path, 'b.ts'))

  expect(await hashCode(directory.path)).not.toBe(before)
})
