// A provider is down for a while, and the server is killed meanwhile: what becomes of the runs that need the provider,
// and of those that need another one.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import Sqlite from 'better-sqlite3'
import { type ModelServer, startModelServer } from '../test/harness/model-server.ts'
import { spawnServer } from '../test/harness/spawned-server.ts'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { writeCrews } from '../test/harness/write-crews.ts'
import { createClient, TOKEN } from './call.ts'
import { endInOrder } from './end-in-order.ts'
import { quantile } from './statistics.ts'

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    runs: { type: 'string', default: '100' },
  },
})
const OUTAGE_MS = Number(options.minutes) * 60_000
const RUNS = Number(options.runs)
/** Far fewer than there are runs: one that kept its place while it waits would be noticed. */
const PLACES = 20
const TASKS = 5
/** Of each answer. */
const LATENCY_MS = 1_000
/** Until the outage: half of the work is done then. */
const GOOD_MS = (RUNS * TASKS * LATENCY_MS) / PLACES / 2
/** An attempt is at most 3 min away, and then a run has tasks left. */
const END_MS = 300_000
const OTHER_EVERY_MS = 5_000
const POLL_MS = 250

endInOrder({ withinMs: GOOD_MS + OUTAGE_MS + END_MS + 60_000 })

/** A provider on one port that can be up, answer 503, or not be there. */
async function startProvider() {
  const first = await startModelServer({ latencyMs: LATENCY_MS })
  const { port, baseUrl } = first
  let server: ModelServer | null = first
  const answered: (string | null)[] = []
  const stop = async () => {
    await server?.[Symbol.asyncDispose]()
    const good = server?.ledger.filter(({ status }) => status === 200) ?? []
    answered.push(...good.map(({ idempotencyKey }) => idempotencyKey))
    server = null
  }
  return {
    baseUrl,
    /** Idempotency keys of the calls that were answered, up to the last change. */
    answered,
    async become(state: 'up' | 'failing' | 'gone'): Promise<void> {
      await stop()
      if (state === 'up') server = await startModelServer({ latencyMs: LATENCY_MS, port })
      if (state === 'failing')
        server = await startModelServer({ answers: () => ({ status: 503 }), port })
    },
  }
}

/** A crew whose tasks follow each other. */
function crewOf(llm: string, tasks: number) {
  const task = (_: unknown, index: number) =>
    `task_${index + 1}: { description: 'Part ${index + 1} of {job}', expected_output: A text, agent: worker, context: [] }`
  return {
    'config/agents.yaml': `worker: { role: Worker, goal: Work, backstory: You work., llm: ${llm} }`,
    'config/tasks.yaml': Array.from({ length: tasks }, task).join('\n'),
  }
}

using directory = temporaryDirectory()
const provider = await startProvider()
const other = await startModelServer({ latencyMs: LATENCY_MS })
const env = {
  CREWS_DIR: writeCrews(directory.path, {
    work: crewOf('gpt-down', TASKS),
    other: crewOf('vllm/gpt-up', 1),
  }),
  DATABASE_URL: `sqlite:${directory.path}/data/coxswain.db`,
  COXSWAIN_TOKEN: TOKEN,
  OPENAI_BASE_URL: provider.baseUrl,
  OPENAI_API_KEY: 'key',
  VLLM_BASE_URL: other.baseUrl,
  MAX_CONCURRENT_RUNS: String(PLACES),
  LOG_LEVEL: 'error',
}
let server = await spawnServer(env)
let client = createClient(server.url, 10)

const kickoff = async (crew: string, job: number): Promise<string> =>
  JSON.parse(await client.post(`/crews/${crew}/kickoff`, { inputs: { job } })).kickoff_id
const statusOf = async (id: string): Promise<string> =>
  JSON.parse(await client.get(`/status/${id}`)).status

/** From kickoff to the end of runs that need the other provider, in ms. */
const otherMs: number[] = []
async function useOtherProvider(until: number): Promise<void> {
  while (Date.now() < until) {
    const startedAt = Date.now()
    const id = await kickoff('other', 1)
    while ((await statusOf(id)) === 'running') await delay(POLL_MS)
    otherMs.push(Date.now() - startedAt)
    await delay(OTHER_EVERY_MS)
  }
}

const say = (text: string) => console.log(`${new Date().toISOString()} ${text}`)
say(`${RUNS} runs of ${TASKS} tasks, ${PLACES} places`)
const ids = await Promise.all(Array.from({ length: RUNS }, (_, job) => kickoff('work', job + 1)))
await delay(GOOD_MS)
say(`the provider is not there any more, for ${options.minutes} minutes`)
const downAt = Date.now()
await provider.become('gone')
await useOtherProvider(downAt + OUTAGE_MS / 2)
say('it answers 503 from now on, and the server is killed')
await server.kill('SIGKILL')
await client.close()
await provider.become('failing')
server = await spawnServer(env)
client = createClient(server.url, 10)
await useOtherProvider(downAt + OUTAGE_MS - OTHER_EVERY_MS)
await delay(Math.max(0, downAt + OUTAGE_MS - Date.now()))
await provider.become('up')
const upAt = Date.now()
say('it is up again')

const ended = new Map<string, { readonly status: string; readonly afterMs: number }>()
while (ended.size < RUNS && Date.now() - upAt < END_MS) {
  for (const id of ids.filter((one) => !ended.has(one))) {
    const status = await statusOf(id)
    if (status !== 'running') ended.set(id, { status, afterMs: Date.now() - upAt })
  }
  await delay(POLL_MS)
}
await provider.become('gone')
await client.close()
await server.kill('SIGTERM')
await other[Symbol.asyncDispose]()

/** What the journal says: waits, attempts, and calls that came before their time. */
function readWaits() {
  const database = new Sqlite(join(directory.path, 'data/coxswain.db'), { readonly: true })
  const rows = database
    .prepare<[], { at: number; retryAt: number; attempts: number; nextAt: number | null }>(
      `SELECT at, data ->> 'retryAt' AS retryAt, data ->> 'attempts' AS attempts,
         (SELECT at FROM journal n WHERE n.runId = j.runId AND n.seq = j.seq + 1) AS nextAt
       FROM journal j WHERE type = 'llm_call_postponed'`,
    )
    .all()
  database.close()
  return {
    waits: rows.length,
    longestWaitMs: Math.max(0, ...rows.map(({ at, retryAt }) => retryAt - at)),
    mostAttempts: Math.max(0, ...rows.map(({ attempts }) => attempts)),
    tooEarly: rows.filter(({ retryAt, nextAt }) => nextAt !== null && nextAt < retryAt).length,
  }
}

const results = [...ended.values()]
const completed = results.filter(({ status }) => status === 'completed')
const paidTwice = provider.answered.length - new Set(provider.answered).size
const waits = readWaits()
const seconds = (ms: number) => Number((ms / 1000).toFixed(1))
const afterMs = completed.map((one) => one.afterMs)
console.log(
  JSON.stringify(
    {
      runs: RUNS,
      completed: completed.length,
      failed: results.length - completed.length,
      notEnded: RUNS - results.length,
      stepsPaidTwice: paidTwice,
      callsBeforeTheirTime: waits.tooEarly,
      waitsInTheJournal: waits.waits,
      mostAttemptsAtACall: waits.mostAttempts,
      longestWaitSeconds: seconds(waits.longestWaitMs),
      endedAfterOutageSeconds: {
        median: seconds(quantile(afterMs, 0.5)),
        last: seconds(Math.max(...afterMs)),
      },
      runsOfTheOtherProvider: {
        completed: otherMs.length,
        medianSeconds: seconds(quantile(otherMs, 0.5)),
        longestSeconds: seconds(Math.max(...otherMs)),
      },
    },
    null,
    2,
  ),
)
if (completed.length < RUNS || paidTwice > 0 || waits.tooEarly > 0) process.exitCode = 1
