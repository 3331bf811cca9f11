// What receivers in trouble cost the others: how soon a message reaches one that is well, and how many kickoffs are
// accepted, beside receivers that hang, are dead, or take a second.
import { setTimeout as delay } from 'node:timers/promises'
import autocannon from 'autocannon'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { type Client, createClient, TOKEN } from './call.ts'
import { endInOrder } from './end-in-order.ts'
import { type MeasuredProcess, startCoxswain } from './measured-process.ts'
import { quantile, spread } from './statistics.ts'
import { addressOf, type Receiver, receive } from './webhook-receiver.ts'

const TARPITS = 13
const MANY_ORIGINS = 6_000
/** Told at a pace that leaves the server time: what is measured are receivers, not a server that is overrun. */
const MESSAGES = 600
const MESSAGES_PER_SECOND = 40
const SLOW_ANSWER_MS = 1_000
const SLOW_MESSAGES = 300
const ROUNDS = 4
const ROUND_SECONDS = 5
const CONNECTIONS = 20
const MAX_WAIT_MS = 60_000

endInOrder({ withinMs: 900_000 })

interface Server extends AsyncDisposable {
  readonly process: MeasuredProcess
  readonly client: Client
}

async function startServer(): Promise<Server> {
  const directory = temporaryDirectory()
  const server = await startCoxswain({
    CREWS_DIR: 'crews',
    DEFAULT_CREW: 'research-report',
    DATABASE_URL: `sqlite:${directory.path}/data/coxswain.db`,
    COXSWAIN_TOKEN: TOKEN,
    COXSWAIN_SIMULATE: 'on',
    COXSWAIN_SIMULATE_LATENCY_MS: '0',
    OUTBOUND_ALLOWED_HOSTS: '127.0.0.0/8',
    MAX_QUEUED_RUNS: '1000000',
    LOG_LEVEL: 'silent',
  })
  const client = createClient(server.url, CONNECTIONS)
  return {
    process: server,
    client,
    async [Symbol.asyncDispose]() {
      await client.close()
      await server.stop()
      directory[Symbol.dispose]()
    },
  }
}

const kickoffBody = (crewWebhookUrl: string) => ({
  inputs: { topic: 'tides', audience: 'sailors' },
  crewWebhookUrl,
})

/** Makes a run report to each of many origins, and waits for the ends of the runs. */
async function tellMany({ client }: Server, port: number): Promise<void> {
  for (let index = 0; index < MANY_ORIGINS; index += CONNECTIONS)
    await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, offset) =>
        client.post('/kickoff', kickoffBody(`http://${addressOf(index + offset)}:${port}/`)),
      ),
    )
  await ended(client)
}

/** Resolves when no run is left to be driven. */
async function ended(client: Client): Promise<void> {
  for (const status of ['queued', 'running'])
    while ((await client.get(`/runs?status=${status}&limit=1`)).includes('kickoff_id'))
      await delay(100)
}

async function arrived(receiver: Receiver, count: number): Promise<void> {
  const giveUpAt = performance.now() + MAX_WAIT_MS
  while (receiver.arrivals.length < count && performance.now() < giveUpAt) await delay(20)
}

/** Tells a receiver that is well at a steady pace, and meanwhile those of `besides` in turn. */
async function firstAttempts(server: Server, besides: readonly string[] = []): Promise<string> {
  await using healthy = await receive()
  const { client } = server
  for (let index = 0; index < MESSAGES; index += 1) {
    const other = besides[index % besides.length]
    await Promise.all([
      client.post('/kickoff', kickoffBody(`${healthy.url}/`)),
      other && client.post('/kickoff', kickoffBody(other)),
      delay(1_000 / MESSAGES_PER_SECOND),
    ])
  }
  await arrived(healthy, MESSAGES)
  const { latenciesMs } = healthy
  const missing = MESSAGES - latenciesMs.length
  const shares = [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${quantile(latenciesMs, share)}`)
  return `${shares.join(', ')} ms${missing > 0 ? `, ${missing} did not arrive` : ''}`
}

async function slowReceiver(): Promise<string> {
  await using server = await startServer()
  await using slow = await receive(SLOW_ANSWER_MS)
  const accepted = Array.from({ length: SLOW_MESSAGES }, () =>
    server.client.post('/kickoff', kickoffBody(`${slow.url}/`)),
  )
  await Promise.all(accepted)
  await arrived(slow, SLOW_MESSAGES)
  const [first = 0] = slow.arrivals
  const seconds = ((slow.arrivals.at(-1) ?? 0) - first) / 1_000
  return `${(slow.arrivals.length / seconds).toFixed(1)} messages/s`
}

interface Round {
  readonly perSecond: number
  readonly cpuMs: number
}

/** As many kickoffs as are accepted, each of which reports to a receiver that is well. */
async function kickoffs({ process, client }: Server, receiver: Receiver): Promise<Round> {
  const { cpuMs: before } = await process.ask('usage')
  const { non2xx, errors, duration, ...result } = await autocannon({
    url: `${process.url}/kickoff`,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(kickoffBody(`${receiver.url}/`)),
    connections: CONNECTIONS,
    duration: ROUND_SECONDS,
  })
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} refusals, ${errors} errors`)
  const accepted = result['2xx']
  const { cpuMs: after } = await process.ask('usage')
  // What was accepted is driven to its end before the other server has its turn.
  await ended(client)
  return { perSecond: accepted / duration, cpuMs: (after - before) / accepted }
}

async function besideMany(kind: 'dead' | 'hanging'): Promise<void> {
  await using healthy = await receive()
  const other = await receive(null)
  if (kind === 'dead') await other[Symbol.asyncDispose]()
  await using alone = await startServer()
  await using beside = await startServer()
  await tellMany(beside, other.port)
  const name = `${MANY_ORIGINS} ${kind} origins`
  console.log(`first attempt beside ${name}: ${await firstAttempts(beside)}`)
  const rounds: { readonly alone: Round; readonly beside: Round }[] = []
  // In turns, so that whatever else the machine does falls on both.
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({ alone: await kickoffs(alone, healthy), beside: await kickoffs(beside, healthy) })
  for (const key of ['alone', 'beside'] as const) {
    const of = rounds.map((round) => round[key])
    console.log(
      `kickoffs ${key === 'alone' ? 'alone' : `beside ${name}`}: ${spread(
        of.map(({ perSecond }) => perSecond),
        0,
      )} a second, ${spread(
        of.map(({ cpuMs }) => cpuMs),
        2,
      )} ms CPU each (least / median / most of ${ROUNDS} rounds)`,
    )
  }
  if (kind === 'hanging') await other[Symbol.asyncDispose]()
}

{
  await using server = await startServer()
  await using tarpit = await receive(null)
  const tarpits = Array.from({ length: TARPITS }, (_, index) => addressOf(index))
  console.log(`first attempt, alone: ${await firstAttempts(server)}`)
  const urls = tarpits.map((address) => `http://${address}:${tarpit.port}/`)
  console.log(`first attempt beside ${TARPITS} tarpits: ${await firstAttempts(server, urls)}`)
}
console.log(`a receiver that takes ${SLOW_ANSWER_MS} ms: ${await slowReceiver()}`)
await besideMany('dead')
await besideMany('hanging')
