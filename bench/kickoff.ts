// Kickoffs accepted per second and the CPU time of each, against a floor of bare Fastify and one SQLite insert.
import { join } from 'node:path'
import autocannon from 'autocannon'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { TOKEN } from './call.ts'
import { endInOrder } from './end-in-order.ts'
import { type MeasuredProcess, startCoxswain, startFloor } from './measured-process.ts'

const ROUNDS = 3
const ROUND_SECONDS = 5
const CONNECTIONS = 50

endInOrder({ withinMs: 300_000 })
using directory = temporaryDirectory()
const floor = await startFloor({ FLOOR_DATABASE: join(directory.path, 'floor.db') })
// One run at a time whose model takes ten minutes: what is measured is the acceptance, not the runs.
const coxswain = await startCoxswain({
  CREWS_DIR: 'crews',
  DEFAULT_CREW: 'research-report',
  DATABASE_URL: `sqlite:${directory.path}/data/coxswain.db`,
  COXSWAIN_TOKEN: TOKEN,
  COXSWAIN_SIMULATE: 'on',
  COXSWAIN_SIMULATE_LATENCY_MS: '600000',
  MAX_CONCURRENT_RUNS: '1',
  MAX_QUEUED_RUNS: '1000000',
  LOG_LEVEL: 'warn',
})

interface Round {
  readonly perSecond: number
  readonly cpuMs: number
  readonly p99Ms: number
}

async function load(server: MeasuredProcess): Promise<Round> {
  const { cpuMs: cpuBefore } = await server.ask('usage')
  const result = await autocannon({
    url: `${server.url}/kickoff`,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ inputs: { topic: 'tides', audience: 'sailors' } }),
    connections: CONNECTIONS,
    duration: ROUND_SECONDS,
  })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals`)
  const accepted = result['2xx']
  return {
    perSecond: accepted / result.duration,
    cpuMs: ((await server.ask('usage')).cpuMs - cpuBefore) / accepted,
    p99Ms: result.latency.p99,
  }
}

function describe(name: string, rounds: readonly Round[]): Round {
  const [best] = [...rounds].sort((a, b) => b.perSecond - a.perSecond)
  if (best === undefined) throw new Error('no rounds')
  const all = rounds.map(({ perSecond }) => Math.round(perSecond)).join(', ')
  console.log(
    `${name.padEnd(9)} ${Math.round(best.perSecond)}/s (rounds: ${all}), ${best.cpuMs.toFixed(3)} ms CPU each, p99 ${best.p99Ms} ms`,
  )
  return best
}

const floorRounds: Round[] = []
const coxswainRounds: Round[] = []
// In turns, so that whatever else the machine does falls on both.
for (let round = 0; round < ROUNDS; round += 1) {
  floorRounds.push(await load(floor))
  coxswainRounds.push(await load(coxswain))
}
const atLeast = describe('floor', floorRounds)
const ours = describe('coxswain', coxswainRounds)
console.log(`\nrate  ${((100 * ours.perSecond) / atLeast.perSecond).toFixed(0)} % of the floor's`)
console.log(`CPU   ${(ours.cpuMs / atLeast.cpuMs).toFixed(2)} times the floor's`)

await floor.stop()
await coxswain.stop()
