import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryDirectory } from '../temporary-directory.ts'
import { writeCrews } from '../write-crews.ts'
import { createCallers } from './callers.ts'
import { createCall, listRuns } from './client.ts'
import { chaosCrew } from './crew.ts'
import { createLedger } from './ledger.ts'
import { createMailbox } from './mailbox.ts'
import { startMortalServer } from './mortal-server.ts'
import { startOutside } from './outside.ts'
import { createPerson } from './person.ts'
import { seededRandom } from './random.ts'
import { judge, type Verdict } from './verdict.ts'

export interface CampaignOptions {
  readonly kills: number
  /** Under way at any time. */
  readonly runs: number
  /** Of the times of the kills. */
  readonly seed: number
  /** Of a model call, give or take a half. */
  readonly latencyMs: number
  /** Most lives of the server last from nothing to this. */
  readonly shortLifeMs: number
  /** No life ends before up to so many steps were called in it: on a busy machine it may not have got to any. */
  readonly minCalls: number
  /** Of lives, those that last `longLifeMs` and up to half as long again: in these all runs must go on. */
  readonly longShare: number
  readonly longLifeMs: number
  /** Of webhooks, those that are answered with 503 first. */
  readonly busyShare: number
  /** How long everything may take to end after the last kill. */
  readonly settleMs: number
  readonly onProgress?: (line: string) => void
}

const TOKEN = 'a token for chaos'
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const SETTLE_POLL_MS = 200

/** Kills the server again and again while runs with tools, people and webhooks go on, and judges what came of it. */
export async function runCampaign(options: CampaignOptions): Promise<Verdict> {
  const { runs, seed, latencyMs, busyShare } = options
  const random = seededRandom(seed)
  using directory = temporaryDirectory()
  const database = join(directory.path, 'data/coxswain.db')
  const lifeFile = join(directory.path, 'life')
  const ledger = createLedger(database)
  const call = createCall({ url: () => server.url(), token: TOKEN })
  const person = createPerson(call)
  const mailbox = createMailbox({ busyShare, random, onQuestion: person.asked })
  await using outside = await startOutside({ ledger, mailbox, secret: SECRET, latencyMs })
  const crew = chaosCrew({ toolUrl: outside.toolUrl, lifeFile })
  const env = {
    CREWS_DIR: writeCrews(directory.path, { chaos: crew }),
    DATABASE_URL: `sqlite:${database}`,
    COXSWAIN_TOKEN: TOKEN,
    WEBHOOK_SECRET: SECRET,
    OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
    OPENAI_API_KEY: 'none',
    // Runs whose kickoff was cut off go on beside those that are counted.
    MAX_CONCURRENT_RUNS: String(4 * runs),
    LOG_LEVEL: 'warn',
  }
  await using server = await startMortalServer({
    ledger,
    lifeFile,
    env: (life) => ({ ...env, OPENAI_BASE_URL: outside.modelUrl(life) }),
  })
  const callers = createCallers(call, outside.webhookUrl)

  async function verdictNow(): Promise<Verdict> {
    const all = (await listRuns(call)) ?? new Map()
    return judge({ options, ledger, mailbox, callers, person, all })
  }

  callers.start(runs)
  const called = () => ledger.calls.size
  await killAgainAndAgain({ ...options, called }, random, async (lifeMs) => {
    await server.kill()
    return `after ${lifeMs.toFixed(0)} ms: ${callers.accepted.size} runs accepted, ${callers.ended.size} ended, ${ledger.calls.size} steps called, ${mailbox.totals.received} webhooks`
  })
  const deadline = performance.now() + options.settleMs
  await callers.stop(options.settleMs)
  const verdict = await settled(verdictNow, deadline)
  return { ...verdict, exitCode: await server.end(), orphans: server.orphans() }
}

/** A life in which nothing is called ends all the same. */
const MAX_WAIT_MS = 10_000
const POLL_MS = 10

async function killAgainAndAgain(
  options: CampaignOptions & { readonly called: () => number },
  random: () => number,
  kill: (lifeMs: number) => Promise<string>,
): Promise<void> {
  const { kills, longShare, longLifeMs, shortLifeMs, minCalls, called, onProgress } = options
  for (let count = 1; count <= kills; count += 1) {
    const isLong = random() < longShare
    const lifeMs = isLong ? longLifeMs * (1 + random() / 2) : shortLifeMs * random()
    const enough = called() + minCalls * random()
    await delay(lifeMs)
    for (let waitedMs = 0; called() < enough && waitedMs < MAX_WAIT_MS; waitedMs += POLL_MS)
      await delay(POLL_MS)
    const outcome = await kill(lifeMs)
    onProgress?.(`kill ${count} of ${kills} ${outcome}`)
  }
  onProgress?.('no more kills: everything must come to its end')
}

async function settled(verdictNow: () => Promise<Verdict>, deadline: number): Promise<Verdict> {
  for (;;) {
    const verdict = await verdictNow()
    if (verdict.isSettled || performance.now() > deadline) return verdict
    await delay(SETTLE_POLL_MS)
  }
}
