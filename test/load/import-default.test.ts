import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importDefault } from '../../src/load/import-default.ts'
import { temporaryCrews } from '../harness/temporary-crews.ts'

test('the default export of a file is found', async () => {
  using files = temporaryCrews({ 'a.ts': 'const answer: number = 42\nexport default answer' })

  expect(await importDefault(join(files.path, 'a.ts'))).toBe(42)
})

test('a file whose top level waits for ever is an error of its own', async () => {
  using files = temporaryCrews({ 'b.ts': 'await new Promise(() => {})\nexport default 1' })

  await expect(importDefault(join(files.path, 'b.ts'), 50)).rejects.toThrow(
    'its top level did not end within 0.05 s',
  )
})
