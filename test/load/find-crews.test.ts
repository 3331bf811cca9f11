import { expect, test } from 'vitest'
import { findCrews } from '../../src/load/formats/find-crews.ts'
import type { Format } from '../../src/load/formats/format.ts'
import { FORMATS } from '../../src/load/formats/formats.ts'
import { createReport } from '../../src/load/problem.ts'
import { snakeCase } from '../../src/load/source.ts'
import { temporaryCrews, yamlCrew } from '../harness/temporary-crews.ts'

/** A format that finds crews in these files, whatever is there. */
function formatOf(...crews: readonly (readonly string[])[]): Format {
  return {
    name: 'made up',
    spell: snakeCase,
    strict: false,
    find: async () =>
      crews.map((files, at) => ({ name: `crew-${at}`, files, read: async () => null })),
  }
}

async function find(formats: readonly Format[]) {
  using files = temporaryCrews(yamlCrew())
  const report = createReport('crew', 'crew')
  const found = await findCrews({ dir: `${files.path}/crew`, report }, formats)
  return { names: found.map(({ name }) => name), codes: report.problems.map(({ code }) => code) }
}

const YAML = ['config/agents.yaml', 'config/tasks.yaml']

test('a folder may have several crews of one format, which share files', async () => {
  const several = formatOf(['a.py', ...YAML], ['a.py', ...YAML], ['b.py'])

  expect(await find([several, ...FORMATS])).toEqual({
    names: ['crew-0', 'crew-1', 'crew-2'],
    codes: [],
  })
})

test('files that another format reads as well are no crew of their own, and others clash', async () => {
  expect(await find([...FORMATS, formatOf(['crew.py', ...YAML])])).toEqual({
    names: ['crew-0'],
    codes: [],
  })
  expect(await find([...FORMATS, formatOf(['crew.py'])])).toEqual({
    names: [],
    codes: ['defined-twice'],
  })
})
