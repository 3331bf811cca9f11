import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readYaml } from '../../../src/load/formats/read-yaml.ts'
import { toYaml } from '../../../src/load/import/yaml-texts.ts'
import { createReport } from '../../../src/load/problem.ts'
import { temporaryCrews } from '../../harness/temporary-crews.ts'

/** As it is read again, as a file of a crew. */
async function readBack(value: Readonly<Record<string, unknown>>): Promise<unknown> {
  using directory = temporaryCrews({ 'crew.yaml': toYaml(value) })
  const report = createReport('demo', 'demo')
  const read = await readYaml({ dir: directory.path, report }, 'crew.yaml')
  expect(report.problems).toEqual([])
  return read?.value
}

const TEXTS = [
  ...['yes', 'no', 'on', 'null', '~', '1e3', '0x1f', '1_000', '12:30', '2030-01-31', '.5', '', ' '],
  ...[
    '# no comment',
    'a # b',
    'a: b',
    '- a',
    '{topic} now',
    '[a]',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
  ],
  ...['  led by spaces', 'ends with spaces  ', 'ends with a line\n', '\n\nstarts with lines', '\n'],
  ...[
    'a\n  b\n c',
    '  a\nb\n',
    'a\n\n\n',
    'a \nb',
    '\ta\n\tb',
    'a\r\nb',
    'a\u2028b',
    '\ufeffa',
    '\u0007',
  ],
  ...[
    "it's",
    '"quoted"',
    'back\\slash',
    '👩‍👩‍👧 and 日本語',
    '---',
    '...',
    '? a',
    '| a',
    '> a',
    '<<',
    '=',
  ],
  `${'long '.repeat(60)}`,
  `${'long '.repeat(30)}\n  and indented ${'more '.repeat(30)}\n`,
  `${'a'.repeat(300)} # ${'b'.repeat(300)}`,
]

test.each(TEXTS)('%j is read back as it is', async (text) => {
  const value = { one: { a: text, list: [text, { b: text }] }, two: text }
  expect(await readBack(value)).toEqual(value)
})

test('whatever a text is made of, it is read back as it is', async () => {
  const pieces = fc.constantFrom(
    '\n',
    ' ',
    '  ',
    '\t',
    '#',
    ': ',
    '- ',
    "'",
    '"',
    '\\',
    '{',
    '}',
    'é',
    '👍',
    '|',
    '>',
    'word',
  )
  const text = fc
    .array(fc.oneof(pieces, fc.string({ unit: 'grapheme' })), { maxLength: 40 })
    .map((all) => all.join(''))
  const key = fc.stringMatching(/^[a-z_][a-z0-9_. -]{0,8}[a-z0-9]$/)
  const json = fc.dictionary(
    key,
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 })),
    { minKeys: 1, noNullPrototype: true },
  )
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      expect(await readBack(value)).toEqual(value)
    }),
    { numRuns: 300 },
  )
})

test('a long text stands below its key, one of several lines as it is', () => {
  const text =
    'You collect facts before others write about them, and you tell what is certain from what is likely.'
  expect(
    toYaml({ one: { goal: text, backstory: 'One\n\n  Two\n' }, two: { role: 'yes' } }),
  ).toBe(`one:
  goal: >-
    You collect facts before others write about them, and you tell what is certain from what is
    likely.
  backstory: |
    One

      Two

two:
  role: "yes"
`)
})
