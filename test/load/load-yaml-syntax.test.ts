import { expect, test } from 'vitest'
import { problemsOf, yamlCrew } from '../harness/temporary-crews.ts'

const agents = (text: string) => yamlCrew({ 'config/agents.yaml': text })
const AGENTS_FILE = 'crew/config/agents.yaml'

test.each([
  ['a key twice', 'a:\n  role: R\n  role: S', 'line 3, column 3: the key role is there twice'],
  [
    'a text that starts with a brace',
    'a:\n  role: {topic} Expert',
    'line 2, column 17: Unexpected scalar at node end; a text that starts with {, [ or a quote stands in quotes, or below a >',
  ],
  ['a tab', 'a:\n\trole: R', 'line 2, column 1: Tabs are not allowed as indentation'],
  [
    'a tag of Python',
    'a: !!python/object/apply:os.system [ls]',
    'line 1, column 4: Unresolved tag: tag:yaml.org,2002:python/object/apply:os.system',
  ],
  ['an unknown anchor', 'a: *b', 'line 1, column 4: there is no anchor &b above'],
  ['an anchor in itself', 'a: &a [*a]', 'line 1, column 8: &a contains itself'],
  ['a list as a key', '? [a]\n: 1', 'line 1, column 1: a key must be a text'],
  [
    'two documents',
    'a: 1\n---\nb: 1',
    'line 2, column 1: Source contains multiple documents; please use YAML.parseAllDocuments()',
  ],
])('YAML with %s is an error that says where', async (_, text, message) => {
  expect(await problemsOf(agents(text))).toEqual([`error: ${AGENTS_FILE}: ${message}`])
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
