import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadFolder } from '../../src/load/load-folder.ts'
import { describeProblem, type Problem } from '../../src/load/problem.ts'
import { jsoncCrew, temporaryCrews, yamlCrew } from '../harness/temporary-crews.ts'

const RUNS = 100

/** What people slip into files, and what parsers stumble over. */
const BITS = [
  ...['{', '}', '[', ']', ':', ': ', '- ', '"', "'", '\n', '\n  ', '\t', '#', '&a ', '*a'],
  ...['<<: *a\n', '|', '>', 'null', 'yes', '5', '1e999', '.nan', '!x ', '---\n', '? ', '%', '@'],
  ...['`', ',', 'é', '\0', 'agents:\n', 'tasks:\n', 'name: x\n', '__proto__', 'constructor', '//'],
  ...['/*', '{"python":"a.b"}', '""', '\r\n'],
]

interface Change {
  /** A share of the text. */
  readonly at: number
  readonly length: number
  readonly bit: string
}
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(8),
  bit: fc.constantFrom(...BITS),
})

function changed(text: string, { at, length, bit }: Change): string {
  const from = Math.floor(at * text.length)
  return text.slice(0, from) + bit + text.slice(from + length)
}

const CREWS = {
  yaml: yamlCrew({
    'crew.yaml': 'process: sequential\ninputs: { topic: AI }\ninput_aliases: { topic: t }\n',
    'tools/search.py': '',
  }),
  jsonc: jsoncCrew({ inputs: { topic: 'AI' } }, { tools: ['custom:search'], llm: { model: 'm' } }),
}

function isIn({ line, column }: Problem, text: string): boolean {
  if (line === null || column === null) return true
  const lines = text.split(/\r\n|\r|\n/)
  return line <= lines.length && column <= (lines[line - 1]?.length ?? 0) + 1
}

test.each(Object.entries(CREWS))(
  'whatever is done to the files of a %s crew, it is loaded or told of, at a place that is there',
  async (_, files) => {
    using crews = temporaryCrews(files)
    const names = fc.constantFrom(...Object.keys(files))
    const changes = fc.array(change, { minLength: 1, maxLength: 3 })
    const property = fc.asyncProperty(names, changes, async (name, all) => {
      const text = all.reduce(changed, String(files[name]))
      writeFileSync(join(crews.path, name), text)
      const { crews: loaded, problems } = await loadFolder(join(crews.path, 'crew'))
      writeFileSync(join(crews.path, name), files[name] ?? '')
      const told = [...problems, ...loaded.flatMap((one) => one.problems)]
      const isLost = loaded.every(({ crew }) => crew === null)

      for (const problem of told) {
        expect(describeProblem(problem)).not.toMatch(/undefined|\[object|\n/)
        expect(problem.file !== name || isIn(problem, text)).toBe(true)
      }
      expect(isLost && told.length === 0).toBe(false)
    })
    await fc.assert(property, { numRuns: RUNS })
  },
)
