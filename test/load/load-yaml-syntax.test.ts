import { expect, test } from 'vitest'
import { readYaml } from '../../src/load/formats/read-yaml.ts'
import { createReport } from '../../src/load/problem.ts'
import {
  loadFiles,
  placedProblemsOf,
  problemsOf,
  temporaryCrews,
  yamlCrew,
} from '../harness/temporary-crews.ts'

const agents = (text: string) => yamlCrew({ 'config/agents.yaml': text })
const AGENTS_FILE = 'crew/config/agents.yaml'

test.each([
  [
    'a text that starts with a brace',
    'a:\n  role: {topic} Expert',
    '2:17: is not expected here; a text that starts with {, [, * or a quote stands in quotes, or below a >, which has its text in the next lines',
  ],
  [
    'a colon in a text',
    'a:\n  role: Expert: AI',
    '2:9: is read as a map in a line of its own; a text with ": " in it stands in quotes, or below a >',
  ],
  [
    'a line that is not indented',
    'a:\n  role: >\n    Expert\n  of all\n  goal: G',
    '4:3: is a line without a key; write "key: value", or indent the line when it belongs to the text above',
  ],
  [
    'an open quote',
    'a:\n  role: "R\n  goal: G',
    '3:10: a quote that is opened is not closed, or its text goes on in a line that is not indented',
  ],
  [
    'two columns of keys',
    'a:\n   role: R\n  goal: G',
    '3:1: is not indented like the lines that it belongs to',
  ],
  ['a tab', 'a:\n\trole: R', '2:1: is indented with a tab; use spaces'],
  [
    'a tag of Python',
    'a: !!python/object/apply:os.system [ls]',
    '1:4: Unresolved tag: tag:yaml.org,2002:python/object/apply:os.system; a text that starts with ! stands in quotes, or below a >',
  ],
  [
    'an unknown anchor',
    'a: *b',
    '1:4: there is no anchor &b above; a text that starts with * stands in quotes, or below a >',
  ],
  ['an anchor in itself', 'a: &a [*a]', '1:8: &a contains itself'],
  [
    'a list as a key',
    '? [a]\n: 1',
    '1:1: a key must be a text; a text that starts with { stands in quotes, or below a >',
  ],
  [
    'a merge of a text',
    'a:\n  <<: b\n  role: R',
    '2:3: << takes a map, or a list of maps: <<: *another',
  ],
  [
    'two documents',
    'a: 1\n---\nb: 1',
    '2:1: is a second document; a file has one, without a line of ---',
  ],
])('YAML with %s is an error that says where', async (_, text, message) => {
  expect(await placedProblemsOf(agents(text))).toEqual([
    `error: ${AGENTS_FILE}:${message} [syntax]`,
  ])
})

test('of a key that is there twice the last one counts, as in CrewAI', async () => {
  const files = agents(
    'researcher:\n  role: Old\n  role: New\n  goal: G\n  backstory: B\n  role: Newest\n',
  )
  const { crews } = await loadFiles(files)

  expect(crews.get('crew')?.agents[0]?.role).toBe('Newest')
  expect(await placedProblemsOf(files)).toEqual([
    `warning: ${AGENTS_FILE}:2:3: researcher.role: is there again in line 6, where it counts; remove one of the two (also researcher.role, line 3) [key-twice]`,
  ])
})

test('a map may merge several others', async () => {
  const text =
    'x: &x {goal: G, role: X, backstory: B}\ny: &y {<<: *x, role: Y}\nresearcher: {<<: *y, <<: *x}'
  const { crews, problems } = await loadFiles(agents(text))

  expect(problems).toEqual([])
  expect(crews.get('crew')?.agents[2]).toMatchObject({ role: 'X', goal: 'G' })
})

test.each([
  ['k: >\n  text', 'text'],
  ['k: >\n  text\n', 'text\n'],
  ['k: |\n  text\n  more', 'text\nmore'],
  ['k: |+\n  text\n\n', 'text\n\n'],
  ['k: >-\n  text\n', 'text'],
  ['k: >\n  text\n# the end', 'text\n'],
])('%j ends as in Python: %j', async (text, value) => {
  using files = temporaryCrews({ 'a.yaml': text })
  const report = createReport('crew', 'crew')

  expect((await readYaml({ dir: files.path, report }, 'a.yaml'))?.value).toEqual({ k: value })
})

test('a file that is too large or not UTF-8 is an error', async () => {
  expect(await problemsOf(agents('#'.repeat(256 * 1024 + 1)))).toEqual([
    `error: ${AGENTS_FILE}: is larger than 256 kB, the limit for a file of a crew`,
  ])
  expect(
    await problemsOf(yamlCrew({ 'config/agents.yaml': new Uint8Array([0x61, 0xff]) })),
  ).toEqual([`error: ${AGENTS_FILE}: is not UTF-8 text`])
})

const LIMIT = 256 * 1024
const repeat = (text: string) => text.repeat(LIMIT / text.length)

test.each([
  [
    'billion laughs',
    `a0: &a0 [l,l,l,l,l,l,l,l,l]\n${Array.from({ length: 9 }, (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`)}]`).join('\n')}`,
  ],
  [
    'laughing merges',
    `a0: &a0 {k: 1}\n${Array.from({ length: 12 }, (_, level) => `a${level + 1}: &a${level + 1} {<<: [${Array(8).fill(`*a${level}`)}]}`).join('\n')}`,
  ],
  ['aliases', `a: &a 1\nb: [${'*a,'.repeat(80_000)}]`],
  ['brackets', repeat('[')],
  ['braces', repeat('{a: ')],
  ['dashes', repeat('- ')],
  ['question marks', repeat('? ')],
  ['quotes', repeat('"')],
  ['empty maps', repeat('{}')],
  ['anchors', repeat('&a ')],
  ['keys', Array.from({ length: 26_000 }, (_, position) => `k${position}: 1`).join('\n')],
  ['keys up to the limit', Array.from({ length: 3_000 }, (_, at) => `k${at}: 1`).join('\n')],
  ['depth up to the limit', '['.repeat(9_900)],
])('a bomb of %s is refused within 250 ms of CPU', async (_, text) => {
  expect(text.length).toBeLessThanOrEqual(LIMIT)
  const started = process.cpuUsage()
  const problems = await problemsOf(agents(text))
  const { user, system } = process.cpuUsage(started)

  expect(problems[0]).toMatch(/^error: crew\/config\/agents\.yaml: /)
  expect((user + system) / 1_000).toBeLessThan(250)
})
