// What a run of two tasks costs, end to end over HTTP with polling, against a floor that does the least: bare Fastify,
// the openai SDK, two SQLite writes. Both in turns, each in a process of its own, as are the model and the load.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { spawnModelServer } from '../test/harness/spawned-server.ts'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { writeCrews } from '../test/harness/write-crews.ts'
import { TOKEN } from './call.ts'
import { endInOrder } from './end-in-order.ts'
import { startLoadGenerator } from './load-generator.ts'
import { type MeasuredProcess, startCoxswain, startFloor } from './measured-process.ts'
import { describeProfile } from './profile.ts'
import { quantile, spread } from './statistics.ts'
import { inputsFor, TWO_TASKS } from './two-tasks.ts'
import { walCommits } from './wal-commits.ts'

const { values: options } = parseArgs({
  options: {
    turns: { type: 'string', default: '5' },
    runs: { type: 'string', default: '300' },
    /** Starts the floor under Coxswain's memory options, which make it smaller. */
    'lean-floor': { type: 'boolean', default: false },
    /** Prints where Coxswain's time goes, in one more turn of runs and one of polls. */
    profile: { type: 'boolean', default: false },
  },
})
const TURNS = Number(options.turns)
const RUNS = Number(options.runs)
const IN_FLIGHT = 50
const LATENCY_MS = 250
const POLL_MS = 200
const OUTPUT_CHARS = 1_000
const POLLS = 3_000
const POLL_CONNECTIONS = 10
const RUNS_ALONE = 9
const LARGE_RUNS = 100
const LARGE_OUTPUT_CHARS = 100_000

endInOrder({ withinMs: 20 * 60_000 })
using directory = temporaryDirectory()
const model = await spawnModelServer(LATENCY_MS)
const load = startLoadGenerator()

interface Subject {
  readonly name: string
  readonly server: MeasuredProcess
  readonly wal: string
  readonly cpuPerRunMs: number[]
  readonly cpuPerPollMs: number[]
  readonly pollsPerRun: number[]
  readonly perSecond: number[]
  readonly peakMb: number[]
  runId: string
}

function subject(name: string, server: MeasuredProcess, database: string): Subject {
  const wal = `${database}-wal`
  const figures = { cpuPerRunMs: [], cpuPerPollMs: [], pollsPerRun: [], perSecond: [], peakMb: [] }
  return { name, server, wal, ...figures, runId: '' }
}

async function startBoth(): Promise<readonly [floor: Subject, coxswain: Subject]> {
  const floorDatabase = join(directory.path, 'floor.db')
  const database = join(directory.path, 'data/coxswain.db')
  const floorEnv = { FLOOR_DATABASE: floorDatabase, OPENAI_BASE_URL: model.baseUrl }
  const floor = await startFloor(floorEnv, options['lean-floor'])
  const coxswain = await startCoxswain({
    CREWS_DIR: writeCrews(directory.path, { bench: TWO_TASKS }),
    DATABASE_URL: `sqlite:${database}`,
    COXSWAIN_TOKEN: TOKEN,
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_API_KEY: 'none',
    MAX_CONCURRENT_RUNS: '1000',
    LOG_LEVEL: 'warn',
  })
  return [subject('floor', floor, floorDatabase), subject('coxswain', coxswain, database)]
}

const standard = {
  pollMs: POLL_MS,
  rampMs: 2 * LATENCY_MS,
  inFlight: IN_FLIGHT,
  inputs: inputsFor(OUTPUT_CHARS),
}

/** Runs one after the other, each with its transactions: they share none. */
async function transactionsPerRun({ server, wal }: Subject): Promise<number> {
  const counts: number[] = []
  for (let run = 0; run < RUNS_ALONE; run += 1) {
    const before = walCommits(wal)
    await load.run({ ...standard, url: server.url, runs: 1, inFlight: 1 })
    const after = walCommits(wal)
    if (after.generation === before.generation) counts.push(after.commits - before.commits)
  }
  return quantile(counts, 0.5)
}

async function turn(of: Subject, runs = RUNS): Promise<void> {
  await of.server.ask('resetPeak')
  const before = await of.server.ask('usage')
  const result = await load.run({ ...standard, url: of.server.url, runs })
  const after = await of.server.ask('usage')
  of.cpuPerRunMs.push((after.cpuMs - before.cpuMs) / runs)
  of.pollsPerRun.push(result.polls / runs)
  of.perSecond.push((1000 * runs) / result.wallMs)
  of.peakMb.push(after.peakMb)
  of.runId = result.runId
}

async function pollTurn({ server, runId, cpuPerPollMs }: Subject): Promise<void> {
  const before = await server.ask('usage')
  await load.poll({ url: server.url, runId, polls: POLLS, connections: POLL_CONNECTIONS })
  cpuPerPollMs.push(((await server.ask('usage')).cpuMs - before.cpuMs) / POLLS)
}

async function loopDelay({ name, server }: Subject, runs: number, outputChars: number) {
  await server.ask('watchLoop')
  const inFlight = Math.min(runs, LARGE_RUNS)
  const inputs = inputsFor(outputChars)
  await load.run({ ...standard, url: server.url, runs, inFlight, inputs })
  const { p99Ms, maxMs, maxBusyMs } = await server.ask('loopDelay')
  console.log(
    `${name.padEnd(9)} loop delay, ${inFlight} runs at once, outputs of ${outputChars / 1000} kB: p99 ${p99Ms.toFixed(0)}, max ${maxMs.toFixed(0)} ms (CPU at a stretch: ${maxBusyMs.toFixed(0)} ms)`,
  )
}

function describe(of: Subject, transactions: number): void {
  const { name, cpuPerRunMs, cpuPerPollMs, pollsPerRun, perSecond, peakMb } = of
  console.log(`${name.padEnd(9)} ${spread(cpuPerRunMs, 2)} ms CPU a run`)
  console.log(`          ${spread(cpuPerPollMs, 3)} ms CPU a status poll of a finished run`)
  console.log(`          ${transactions} transactions a run that is alone`)
  console.log(`          ${spread(peakMb, 0)} MB at most, ${IN_FLIGHT} runs in flight`)
  console.log(
    `          ${spread(perSecond, 0)} runs a second, ${spread(pollsPerRun, 1)} polls each`,
  )
}

async function profile({ server, runId }: Subject): Promise<void> {
  const file = join(directory.path, 'profile.json')
  const polls = { runId, polls: POLLS, connections: POLL_CONNECTIONS }
  await server.ask('startProfile')
  await load.run({ ...standard, url: server.url, runs: 2 * RUNS })
  await server.ask('endProfile', file)
  console.log(`\nA RUN${describeProfile(file, 2 * RUNS)}`)
  await server.ask('startProfile')
  await load.poll({ ...polls, url: server.url })
  await server.ask('endProfile', file)
  console.log(`\nA POLL OF A FINISHED RUN${describeProfile(file, POLLS)}`)
}

const [floor, coxswain] = await startBoth()
const both = [floor, coxswain]
console.log(
  `${TURNS} turns of ${RUNS} runs each, ${IN_FLIGHT} at once, a model that takes ${LATENCY_MS} ms, polls every ${POLL_MS} ms; least / median / most\n`,
)
const alone = [await transactionsPerRun(floor), await transactionsPerRun(coxswain)]
for (const one of both) await load.run({ ...standard, url: one.server.url, runs: RUNS })
// In turns, so that whatever else the machine does falls on both.
for (let count = 0; count < TURNS; count += 1) for (const one of both) await turn(one)
for (let count = 0; count < TURNS; count += 1) for (const one of both) await pollTurn(one)
for (const [index, one] of both.entries()) describe(one, alone[index] ?? 0)
const ratios = (ofOne: (of: Subject) => readonly number[]) =>
  ofOne(coxswain).map((value, index) => value / (ofOne(floor)[index] ?? Number.NaN))
console.log(
  `\nCPU a run:  ${spread(
    ratios(({ cpuPerRunMs: ms }) => ms),
    2,
  )} times the floor's`,
)
console.log(
  `CPU a poll: ${spread(
    ratios(({ cpuPerPollMs: ms }) => ms),
    2,
  )} times the floor's`,
)
console.log(
  `memory:     ${spread(
    ratios(({ peakMb: mb }) => mb),
    2,
  )} times the floor's\n`,
)
for (const one of both) await loopDelay(one, RUNS, OUTPUT_CHARS)
for (const one of both) await loopDelay(one, LARGE_RUNS, LARGE_OUTPUT_CHARS)
if (options.profile) await profile(coxswain)

load.stop()
model.stop()
await Promise.all(both.map(({ server }) => server.stop()))
