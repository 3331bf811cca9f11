import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlLines } from '../../src/cli/curl.ts'
import { makeCrew } from '../harness/samples.ts'

const URL = 'http://127.0.0.1:8000'

/** What a shell makes of a command's words. */
function wordsOf(command: string): readonly string[] {
  const script = `${command.replace(/^curl/, 'printf "%s\\n"')}`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n')
}

test('the command of a crew kicks it off with examples of its inputs', () => {
  const [kickoff = '', status] = curlLines(URL, makeCrew(), 'cox_1')

  expect(wordsOf(kickoff)).toEqual([
    '-s',
    `${URL}/crews/research/kickoff`,
    '-H',
    'Authorization: Bearer cox_1',
    '-H',
    'Content-Type: application/json',
    '-d',
    '{"inputs":{"topic":"tidal energy","audience":"beginners"}}',
  ])
  expect(status).toBe(
    `curl -s ${URL}/crews/research/status/<kickoff_id> -H "Authorization: Bearer cox_1"`,
  )
})

test('an example with quotes and dollars reaches the server as it is', () => {
  const examples = [`it's "$HOME" \`id\` \\ $(id)`]
  const inputDeclarations = {
    topic: { schema: { type: 'string', examples }, sensitive: false },
  } as const
  const [kickoff = ''] = curlLines(URL, makeCrew({ inputDeclarations }), null)

  expect(JSON.parse(wordsOf(kickoff).at(-1) ?? '').inputs.topic).toBe(examples[0])
})
