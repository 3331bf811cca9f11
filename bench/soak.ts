// A steady load with tools, polling and webhooks for half an hour: memory must not grow, nor anything fail.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startModelServer } from '../test/harness/model-server.ts'
import { startReceiver } from '../test/harness/receiver.ts'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { writeCrews } from '../test/harness/write-crews.ts'
import { createClient, TOKEN } from './call.ts'
import { endInOrder } from './end-in-order.ts'
import { fitSlope } from './linear-fit.ts'
import { startCoxswain } from './measured-process.ts'
import { createSoakLoad, SOAK_CREW } from './soak-load.ts'
import { quantile } from './statistics.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'runs-per-second': { type: 'string', default: '10' },
    /** Of RETENTION_DAYS. Default: so short that the database has its size before the warm-up is over. */
    'retention-days': { type: 'string' },
  },
})
const MINUTES = Number(positionals[0] ?? 30)
const RUNS_PER_SECOND = Number(options['runs-per-second'])
const RETENTION_SHARE = 0.15
const RETENTION_DAYS =
  options['retention-days'] ?? ((MINUTES * RETENTION_SHARE) / (24 * 60)).toFixed(6)
const LATENCY_MS = 300
const POLL_MS = 500
const SAMPLE_MS = 5_000
const BLOCK_MS = 60_000
/** Of the time, in which caches fill and code is compiled. */
const WARM_UP_SHARE = 0.2
/** Webhooks are lost when none has come for so long: they are tried again after 5 s, and then after 30. */
const SILENCE_MS = 45_000
const SETTLE_MS = 600_000
const MIN_BLOCKS = 5
/** Of the second half of the time, to the first. */
const MAX_HIGH_WATER_GROWTH = 0.02
const MB = 1e6

endInOrder({ withinMs: MINUTES * 60_000 + 15 * 60_000 })
using directory = temporaryDirectory()
await using model = await startModelServer({
  remembers: false,
  latencyMs: LATENCY_MS,
  answers({ body: { tools, messages } }) {
    if (tools === undefined || messages.some(({ role }) => role === 'tool')) return {}
    const call = { name: 'look_up', arguments: '{"word":"tide"}' }
    return {
      message: { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: call }] },
    }
  },
})
await using receiver = await startReceiver({
  remembers: false,
  answers(request) {
    load.received(request)
    return {}
  },
})
const database = join(directory.path, 'data/coxswain.db')
const server = await startCoxswain({
  CREWS_DIR: writeCrews(directory.path, { soak: SOAK_CREW }),
  DATABASE_URL: `sqlite:${database}`,
  COXSWAIN_TOKEN: TOKEN,
  OPENAI_BASE_URL: model.baseUrl,
  OPENAI_API_KEY: 'none',
  OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
  LOG_LEVEL: 'warn',
  RETENTION_DAYS,
})
const client = createClient(server.url, 20)
const load = createSoakLoad({
  client,
  runsPerSecond: RUNS_PER_SECOND,
  pollMs: POLL_MS,
  receiverUrl: receiver.url,
})

interface Sample {
  readonly minute: number
  readonly rssMb: number
  readonly heapMb: number
  readonly databaseMb: number
}

function databaseMb(): number {
  const sizes = [database, `${database}-wal`].map(
    (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0,
  )
  return sizes.reduce((sum, size) => sum + size, 0) / MB
}

async function sample(signal: AbortSignal): Promise<readonly Sample[]> {
  const samples: Sample[] = []
  const startedAt = performance.now()
  while (!signal.aborted) {
    await delay(SAMPLE_MS)
    const { rssMb, heapMb } = await server.ask('usage')
    const minute = (performance.now() - startedAt) / 60_000
    samples.push({ minute, rssMb, heapMb, databaseMb: databaseMb() })
    if ((samples.length * SAMPLE_MS) % BLOCK_MS === 0) report(samples.at(-1), signal)
  }
  return samples
}

function report(last: Sample | undefined, { aborted }: AbortSignal): void {
  if (last === undefined || aborted) return
  const { minute, rssMb, heapMb } = last
  console.log(
    `minute ${minute.toFixed(0)}: ${load.finished()} runs, ${rssMb.toFixed(0)} MB resident, ${heapMb.toFixed(0)} MB heap, database ${last.databaseMb.toFixed(1)} MB, ${load.owed()} webhooks on their way, ${load.errors.length} errors`,
  )
}

async function settled(): Promise<void> {
  const deadline = performance.now() + SETTLE_MS
  let last = { owed: load.owed(), at: performance.now() }
  while (last.owed > 0 && performance.now() < Math.min(last.at + SILENCE_MS, deadline)) {
    await delay(200)
    if (load.owed() < last.owed) last = { owed: load.owed(), at: performance.now() }
  }
}

type Points = ReturnType<typeof blocksOf>

/** Samples that follow each other hang together, so the slope is that of blocks. */
function blocksOf(all: readonly Sample[], of: (block: readonly Sample[]) => number) {
  const warm = all.slice(Math.ceil(WARM_UP_SHARE * all.length))
  const size = BLOCK_MS / SAMPLE_MS
  return Array.from({ length: Math.floor(warm.length / size) }, (_, index) => {
    const block = warm.slice(index * size, (index + 1) * size)
    return { x: block[0]?.minute ?? 0, y: of(block) }
  })
}

/** @returns whether it grows beyond its noise */
function describeSlope(name: string, points: Points): boolean {
  if (points.length < MIN_BLOCKS) {
    console.log(`${name}: too short to tell`)
    return false
  }
  const { perX, plusMinus } = fitSlope(points)
  console.log(
    `${name}: ${describeRange(points)}, ${(60 * perX).toFixed(1)} ± ${(60 * plusMinus).toFixed(1)} MB an hour (95 %, ${points.length} minutes)`,
  )
  return perX - plusMinus > 0
}

/**
 * What is taken from the system is mostly not given back, so it stands at the most that was ever needed: that creeps for
 * as long as needs vary, and says something only when it goes on.
 *
 * @returns whether it grows in the second half
 */
function describeHighWater(name: string, points: Points): boolean {
  if (points.length < MIN_BLOCKS) {
    console.log(`${name}: too short to tell`)
    return false
  }
  const sizes = points.map(({ y }) => y)
  const middle = Math.max(...sizes.slice(0, Math.ceil(sizes.length / 2)))
  const growth = Math.max(...sizes) / middle - 1
  console.log(
    `${name}: ${describeRange(points)}, ${(100 * growth).toFixed(1)} % above the most of the first half`,
  )
  return growth > MAX_HIGH_WATER_GROWTH
}

function describeRange(points: Points): string {
  const [from, to] = [points[0], points.at(-1)].map((point) => (point?.y ?? 0).toFixed(1))
  return `${from} to ${to} MB`
}

console.log(
  `${MINUTES} minutes, ${RUNS_PER_SECOND} runs a second, polls every ${POLL_MS} ms, RETENTION_DAYS ${RETENTION_DAYS}\n`,
)
const time = AbortSignal.timeout(MINUTES * 60_000)
const [samples] = await Promise.all([sample(time), load.run(time)])
const backlog = load.owed()
await settled()

console.log(
  `\n${load.finished()} runs, ${load.errors.length} errors, ${load.owed()} webhooks lost (${backlog} were on their way at the end)`,
)
for (const line of load.errors.slice(0, 10)) console.log(`  ${line}`)
const median = (block: readonly Sample[]) =>
  quantile(
    block.map(({ rssMb }) => rssMb),
    0.5,
  )
const isGrowing = [
  describeHighWater('resident', blocksOf(samples, median)),
  describeSlope(
    'heap, least of each minute',
    blocksOf(samples, (block) => Math.min(...block.map(({ heapMb }) => heapMb))),
  ),
]
const isDatabaseGrowing = describeHighWater(
  'database',
  blocksOf(samples, (block) => Math.max(...block.map((one) => one.databaseMb))),
)
console.log(`database: ${((1000 * databaseMb()) / load.finished()).toFixed(1)} kB a run in all`)
await client.close()
const exitCode = await server.stop('SIGTERM')
const breaches = [
  ...(load.errors.length > 0 ? ['errors'] : []),
  ...(load.owed() > 0 ? ['webhooks lost'] : []),
  ...(isGrowing.includes(true) ? ['memory grows'] : []),
  ...(isDatabaseGrowing ? ['database grows'] : []),
  ...(exitCode === 0 ? [] : [`the server ended with ${exitCode}`]),
]
console.log(breaches.length === 0 ? '\nheld' : `\nbroken: ${breaches.join(', ')}`)
if (breaches.length > 0) process.exitCode = 1
