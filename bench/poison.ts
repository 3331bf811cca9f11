// A tool that harms its process, in each of its forms, beside 99 good runs: they must finish, and kickoffs be accepted.
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Call, createCall } from '../test/harness/chaos/client.ts'
import { startModelServer } from '../test/harness/model-server.ts'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { writeCrews } from '../test/harness/write-crews.ts'
import { TOKEN } from './call.ts'
import { endInOrder } from './end-in-order.ts'
import { jobOf, POISONS, type Poison, poisonAnswer, poisonCrews } from './poison-crews.ts'
import { superviseServer } from './supervised-server.ts'

const GOOD_RUNS = 99
/** Of these, how many call a tool in the process of the poisonous one. */
const SHARED_RUNS = 50
const LATENCY_MS = 300
const HEAD_START_MS = 400
const PROBE_MS = 100
const MAX_KICKOFF_MS = 2_000
/** Everything must be over by then: a run of six tasks takes 4 s when nothing is in its way. */
const MAX_FORM_MS = 60_000
const MAX_SERVER_MB = 500

const { values: options } = parseArgs({
  options: { only: { type: 'string', multiple: true, default: Object.keys(POISONS) } },
})
endInOrder({ withinMs: 2 * MAX_FORM_MS * options.only.length })

interface Probes {
  kickoffs: number
  refused: number
  slowestMs: number
}

async function kickoff(call: Call, crew: string, job: string): Promise<string | null> {
  const answer = await call(`/crews/${crew}/kickoff`, { inputs: { job } })
  return answer?.status === 200 ? answer.body.kickoff_id : null
}

/** Kicks runs off as long as the others go on: each must be accepted, and in time. */
async function probe(call: Call, signal: AbortSignal): Promise<Probes> {
  const probes = { kickoffs: 0, refused: 0, slowestMs: 0 }
  while (!signal.aborted) {
    const startedAt = performance.now()
    const id = await kickoff(call, 'plain', jobOf(GOOD_RUNS + probes.kickoffs))
    const ms = performance.now() - startedAt
    probes.kickoffs += 1
    if (id === null || ms > MAX_KICKOFF_MS) probes.refused += 1
    probes.slowestMs = Math.max(probes.slowestMs, ms)
    await delay(PROBE_MS)
  }
  return probes
}

/** How a run ended; null: it had not when the time was over. */
async function endOf(call: Call, id: string | null, deadline: number): Promise<string | null> {
  if (id === null) return 'not accepted'
  while (performance.now() < deadline) {
    const answer = await call(`/status/${id}`)
    const { state, error } = answer?.body ?? {}
    if (state === 'SUCCESS') return state
    if (state === 'FAILED') return `${state}: ${error}`
    await delay(PROBE_MS)
  }
  return null
}

/** @returns whether the server held */
async function tryPoison(poison: Poison, modelUrl: string): Promise<boolean> {
  using directory = temporaryDirectory()
  await using server = await superviseServer({
    CREWS_DIR: writeCrews(directory.path, poisonCrews(poison)),
    DATABASE_URL: `sqlite:${directory.path}/data/coxswain.db`,
    COXSWAIN_TOKEN: TOKEN,
    OPENAI_BASE_URL: modelUrl,
    OPENAI_API_KEY: 'none',
    MAX_CONCURRENT_RUNS: '1000',
    LOG_LEVEL: 'fatal',
  })
  const call = createCall({ url: server.url, token: TOKEN })
  const deadline = performance.now() + MAX_FORM_MS
  const crewOf = (index: number) => (index < SHARED_RUNS ? 'shared' : 'plain')
  const good = await Promise.all(
    Array.from({ length: GOOD_RUNS }, (_, index) => kickoff(call, crewOf(index), jobOf(index))),
  )
  const goodEnds = Promise.all(good.map((id) => endOf(call, id, deadline)))
  await delay(HEAD_START_MS)
  const over = new AbortController()
  const probing = probe(call, over.signal)
  const poisoned = await endOf(call, await kickoff(call, 'shared', jobOf(null)), deadline)
  const finished = (await goodEnds).filter((end) => end === 'SUCCESS').length
  over.abort()
  const { kickoffs, refused, slowestMs } = await probing
  const held =
    finished === GOOD_RUNS &&
    refused === 0 &&
    server.ends() === 0 &&
    server.peakMb() <= MAX_SERVER_MB &&
    poisoned !== null
  console.log(
    `${held ? 'held  ' : 'BROKEN'} ${poison.padEnd(16)} ${finished} of ${GOOD_RUNS} good runs finished; ${refused} of ${kickoffs} kickoffs refused or late, slowest ${slowestMs.toFixed(0)} ms; the server ended ${server.ends()} times, ${server.peakMb().toFixed(0)} MB at most`,
  )
  console.log(`       the poisoned run: ${poisoned ?? 'never ended'}`)
  return held
}

await using model = await startModelServer({
  remembers: false,
  latencyMs: LATENCY_MS,
  answers(call) {
    const message = poisonAnswer(call)
    return message === undefined ? {} : { message }
  },
})
const broken: string[] = []
for (const poison of options.only as readonly Poison[])
  if (!(await tryPoison(poison, model.baseUrl))) broken.push(poison)
console.log(broken.length === 0 ? '\nheld' : `\nbroken by: ${broken.join(', ')}`)
if (broken.length > 0) process.exitCode = 1
