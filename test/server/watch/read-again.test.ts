import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadFolders } from '../../../src/load/load-crews.ts'
import { createReader } from '../../../src/server/watch/read-again.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { writeCrews } from '../../harness/write-crews.ts'
import { saying } from './watched-server.ts'

test('a folder that is broken while more of it changes is read again before it is told, but not for ever', async () => {
  using directory = temporaryDirectory()
  const dir = join(writeCrews(directory.path, { press: saying('0') }), 'press')
  const before = await loadFolders([dir], {})
  let changes = true
  const reader = createReader({
    options: () => ({}),
    changes: { hasMore: () => changes },
    live: new Set(),
  })
  const plan = { dirs: new Map([['press', dir]]), own: new Set(['press']), removed: [] }
  const read = async () => (await reader(plan, before)).get('press')
  writeFileSync(join(dir, 'config/tasks.yaml'), '{')

  expect([await read(), await read()]).toEqual([undefined, undefined])
  expect(await read()).toMatchObject({ kept: ['press'], folder: { crews: [{ name: 'press' }] } })
  expect(await read()).toBeUndefined()
  changes = false
  expect(await read()).toMatchObject({ kept: ['press'] })
})
