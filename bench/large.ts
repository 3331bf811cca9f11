// One run of 200 tasks whose outputs are 100 kB each: what is stored, what a status costs while it goes on and after it,
// memory, delays of the loop, and what webhooks weigh.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startReceiver } from '../test/harness/receiver.ts'
import { spawnModelServer } from '../test/harness/spawned-server.ts'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { writeCrews } from '../test/harness/write-crews.ts'
import { createClient, TOKEN } from './call.ts'
import { endInOrder } from './end-in-order.ts'
import { startCoxswain } from './measured-process.ts'
import { slowReaders } from './slow-readers.ts'
import { quantile } from './statistics.ts'

const { values: options } = parseArgs({
  options: {
    /** What is stored is then what the run alone needs. */
    'without-webhooks': { type: 'boolean', default: false },
  },
})
const TASKS = 200
const OUTPUT_CHARS = 100_000
const LATENCY_MS = 50
const POLL_MS = 50
/** Of the finished run. */
const READS = 50
const READERS_AT_ONCE = 10
const SLOW_READERS = 20
const SLOW_MS = 5_000
/** Webhooks are tried again after 5 s, and then after 30. */
const MAX_SETTLE_MS = 60_000
const MB = 1e6
const OUTPUT_MB = (TASKS * OUTPUT_CHARS) / MB

endInOrder({ withinMs: 10 * 60_000 })
using directory = temporaryDirectory()
await using receiver = await startReceiver()
const model = await spawnModelServer(LATENCY_MS)

// `context: []`: else each prompt would hold all outputs before it, and the model would be what is measured.
const tasks = Array.from(
  { length: TASKS },
  (_, index) =>
    `task_${index + 1}: { description: 'Part ${index + 1} of {job} in ${OUTPUT_CHARS} characters', expected_output: A text, agent: worker, context: [] }`,
)
const agents = 'worker: { role: Worker, goal: Work, backstory: You work. }'
const database = join(directory.path, 'data/coxswain.db')
const server = await startCoxswain({
  CREWS_DIR: writeCrews(directory.path, {
    large: { 'config/agents.yaml': agents, 'config/tasks.yaml': tasks.join('\n') },
  }),
  DATABASE_URL: `sqlite:${database}`,
  COXSWAIN_TOKEN: TOKEN,
  OPENAI_BASE_URL: model.baseUrl,
  OPENAI_API_KEY: 'none',
  OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
  LOG_LEVEL: 'warn',
})
const client = createClient(server.url, READERS_AT_ONCE)

interface Read {
  readonly ms: number
  readonly bytes: number
  readonly body: string
}

async function read(path: string): Promise<Read> {
  const startedAt = performance.now()
  const body = await client.get(path)
  return { ms: performance.now() - startedAt, bytes: Buffer.byteLength(body), body }
}

function databaseMb(): number {
  const sizes = [database, `${database}-wal`].map(
    (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0,
  )
  return sizes.reduce((sum, size) => sum + size, 0) / MB
}

function describe(name: string, reads: readonly Read[]): void {
  const ms = reads.map((one) => one.ms)
  const [p50, p99, most] = [0.5, 0.99, 1].map((part) => quantile(ms, part).toFixed(1))
  const kb = quantile(
    reads.map(({ bytes }) => bytes / 1000),
    1,
  )
  console.log(
    `${name.padEnd(26)} p50 ${p50}, p99 ${p99}, most ${most} ms; at most ${kb.toFixed(0)} kB (${reads.length} reads)`,
  )
}

async function describeServer(name: string): Promise<void> {
  const { maxMs, maxBusyMs } = await server.ask('loopDelay')
  const { peakMb } = await server.ask('usage')
  console.log(
    `${name.padEnd(26)} ${peakMb.toFixed(0)} MB at most, loop delayed by ${maxMs.toFixed(0)} ms at most (CPU at a stretch: ${maxBusyMs.toFixed(0)} ms)`,
  )
  await server.ask('watchLoop')
  await server.ask('resetPeak')
}

async function pollToItsEnd(id: string): Promise<readonly Read[]> {
  const reads: Read[] = []
  for (;;) {
    const one = await read(`/status/${id}`)
    const { state, error } = JSON.parse(one.body)
    if (state === 'SUCCESS') return reads
    if (state === 'FAILED') throw new Error(`the run failed: ${error}`)
    reads.push({ ...one, body: '' })
    await delay(POLL_MS)
  }
}

async function settled(): Promise<void> {
  const expected = 2 * TASKS + 1
  const deadline = performance.now() + MAX_SETTLE_MS
  while (receiver.requests.length < expected && performance.now() < deadline) await delay(100)
  for (const kind of ['task', 'step', 'crew']) {
    const sizes = receiver.requests
      .filter(({ path }) => path === `/${kind}`)
      .map(({ body }) => Buffer.byteLength(body) / 1000)
    console.log(
      `${`webhooks, ${kind}`.padEnd(26)} ${sizes.length}, at most ${quantile(sizes, 1).toFixed(0)} kB`,
    )
  }
}

console.log(
  `${TASKS} tasks, ${OUTPUT_CHARS / 1000} kB each (${OUTPUT_MB.toFixed(1)} MB in all), a model that takes ${LATENCY_MS} ms, polls every ${POLL_MS} ms\n`,
)
await server.ask('watchLoop')
const answer = await client.post('/kickoff', {
  inputs: { job: 'the atlas' },
  ...(!options['without-webhooks'] && {
    taskWebhookUrl: `${receiver.url}/task`,
    stepWebhookUrl: `${receiver.url}/step`,
    crewWebhookUrl: `${receiver.url}/crew`,
  }),
})
const runId: string = JSON.parse(answer).kickoff_id
const running = await pollToItsEnd(runId)
const tenth = Math.ceil(running.length / 10)
describe('status, first tenth of it', running.slice(0, tenth))
describe('status, last tenth of it', running.slice(-tenth))
describe('status, while it goes on', running)
if (!options['without-webhooks']) await settled()
await describeServer('server, until it is done')

const done: Read[] = []
for (let count = 0; count < READS; count += 1)
  done.push({ ...(await read(`/status/${runId}`)), body: '' })
describe('status, when it is done', done)
const lists: Read[] = []
for (let count = 0; count < READS; count += 1) lists.push(await read('/runs'))
describe('list of runs', lists)
await describeServer('server, one reader')
const paths = Array.from({ length: READERS_AT_ONCE }, () => `/status/${runId}`)
describe(`status, ${READERS_AT_ONCE} readers at once`, await Promise.all(paths.map(read)))
await describeServer(`server, ${READERS_AT_ONCE} readers at once`)
await slowReaders(server.url, `/status/${runId}`, { count: SLOW_READERS, forMs: SLOW_MS })
await describeServer(`server, ${SLOW_READERS} who take nothing`)

const runningMb = databaseMb()
await client.close()
const code = await server.stop('SIGTERM')
const timesOutputs = (mb: number) =>
  `${mb.toFixed(1)} MB, ${(mb / OUTPUT_MB).toFixed(2)} times the outputs`
console.log(`database                   ${timesOutputs(runningMb)} with its log`)
console.log(
  `                           ${timesOutputs(databaseMb())} after the end (exit code ${code})`,
)
model.stop()
