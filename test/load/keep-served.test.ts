import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepServed } from '../../src/load/keep-served.ts'
import { loadFolder } from '../../src/load/load-folder.ts'
import { jsoncCrew, temporaryCrews, yamlCrew } from '../harness/temporary-crews.ts'

/** What is served of a crew once this has been done to its folder. */
async function after(change: (dir: string) => void) {
  using crews = temporaryCrews(yamlCrew())
  const dir = join(crews.path, 'crew')
  const before = await loadFolder(dir)
  change(dir)
  const { folder, kept } = keepServed(before, await loadFolder(dir), true)
  const [crew = null] = folder.crews.map((one) => one.crew)
  const codes = [...folder.problems, ...folder.crews.flatMap(({ problems }) => problems)]
  return {
    isBefore: crew === before.crews[0]?.crew,
    kept,
    codes: codes.map(({ code }) => code),
  }
}

test('a folder whose files are all gone, or say a crew twice, is served as it was', async () => {
  const jsonc = jsoncCrew()['crew/crew.jsonc'] ?? ''

  expect(await after((dir) => rmSync(join(dir, 'config'), { recursive: true }))).toEqual({
    isBefore: true,
    kept: ['crew'],
    codes: ['no-crew'],
  })
  expect(await after((dir) => writeFileSync(join(dir, 'crew.jsonc'), jsonc))).toEqual({
    isBefore: true,
    kept: ['crew'],
    codes: ['defined-twice'],
  })
})

test('a crew that says what it said is the same one, but for variables of its own', async () => {
  expect(await after((dir) => writeFileSync(join(dir, 'README.md'), 'x'))).toEqual({
    isBefore: true,
    kept: [],
    codes: [],
  })
  expect(await after((dir) => writeFileSync(join(dir, '.env'), 'OPENAI_API_KEY=x'))).toEqual({
    isBefore: false,
    kept: [],
    codes: [],
  })
})
