import { expect, test } from 'vitest'
import { labAnswers, labCrew } from '../../harness/lab-crew.ts'
import { startModelServer } from '../../harness/model-server.ts'
import { startTestServer } from '../../harness/server.ts'

const GOOD_RUNS = 40
/** What a model is told of each poisonous call. */
const POISON: Readonly<Record<string, RegExp>> = {
  throwLater: /it threw outside of its call: thrown later/,
  emitError: /it threw outside of its call: emitted/,
  reject: /it did not wait for a promise that was rejected: rejected/,
  exit: /it called process.exit\(3\)/,
  abort: /it called process.abort\(\)/,
  kill: /it ended its process with SIGKILL/,
  loop: /it kept its process busy without a pause/,
  allocate: /its process took more than 512 MB of memory/,
  grow: /its process took more than 512 MB of memory/,
  fillHeap: /its process took more than 512 MB of memory/,
}

test('whatever a tool does to its process, every other run finishes and kickoffs are accepted', async () => {
  await using model = await startModelServer({ answers: labAnswers })
  await using server = await startTestServer({
    crews: { lab: labCrew() },
    env: { OPENAI_BASE_URL: model.baseUrl, COXSWAIN_SIMULATE: 'off' },
  })
  const ledger = `${server.directory}/ledger`
  const kickoff = (how: string, ms: number) => server.kickoff({ inputs: { how, ms, ledger } })
  const textOf = async (id: string) => (await server.until(id, 'SUCCESS')).result.output

  const good = await Promise.all(
    Array.from({ length: GOOD_RUNS }, (_, index) => kickoff('wait', 500 + 50 * index)),
  )
  const poisonous = await Promise.all(
    Object.keys(POISON).map(async (how) => ({ how, id: await kickoff(how, 3_000) })),
  )
  let accepted = 0
  for (const { how, id } of poisonous) {
    expect(await textOf(id)).toMatch(POISON[how] ?? '')
    const late = await kickoff('wait', 10)
    expect(await textOf(late)).toBe('Told: waited')
    accepted += 1
  }

  expect(accepted).toBe(Object.keys(POISON).length)
  for (const id of good) expect(await textOf(id)).toBe('Told: waited')
}, 120_000)

test('a run whose tools end their process again and again is failed by name', async () => {
  // It never gives up: each time it calls with other arguments.
  await using model = await startModelServer({
    answers: ({ body }) => {
      const ms = body.messages.length
      const args = JSON.stringify({ how: 'exit', ms })
      const call = {
        id: `call_${ms}`,
        type: 'function',
        function: { name: 'lab', arguments: args },
      }
      return { message: { content: null, tool_calls: [call] }, finishReason: 'tool_calls' }
    },
  })
  await using server = await startTestServer({
    crews: { lab: labCrew() },
    env: { OPENAI_BASE_URL: model.baseUrl, COXSWAIN_SIMULATE: 'off' },
  })
  const id = await server.kickoff({ inputs: { how: 'exit', ms: 1, ledger: '/dev/null' } })

  const { error } = await server.until(id, 'FAILED')

  expect(error).toBe(
    'Task "try_task" failed: The tools of this run have ended their process 5 times, the last time tools/lab.ts: it called process.exit(3)',
  )
})
