// Kills the server with `kill -9` again and again while runs with tools, people and webhooks go on.
import { parseArgs } from 'node:util'
import { runCampaign } from '../test/harness/chaos/campaign.ts'
import { breachesOf, type Verdict } from '../test/harness/chaos/verdict.ts'
import { endInOrder } from './end-in-order.ts'

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    runs: { type: 'string', default: '100' },
    /** Of the times of the kills. Default: a new one. */
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
  },
})
const kills = Number(options.kills)
const seed = Number(options.seed)
const MAX_RESUME_MS = 3_000
/** Of a life and the start of the next process. */
const MEAN_KILL_MS = 10_000
const SETTLE_MS = 180_000
const END_MS = 60_000
const MAX_LISTED = 10

endInOrder({ withinMs: SETTLE_MS + END_MS + kills * MEAN_KILL_MS })
console.log(`${kills} kills, ${options.runs} runs going, seed ${seed}`)
const verdict = await runCampaign({
  kills,
  runs: Number(options.runs),
  seed,
  latencyMs: 500,
  shortLifeMs: 1_500,
  minCalls: 0,
  longShare: 0.3,
  longLifeMs: 3_500,
  busyShare: 0.03,
  settleMs: SETTLE_MS,
  onProgress: (line) => console.log(line),
})
const breaches = breachesOf(verdict, MAX_RESUME_MS)
console.log(JSON.stringify({ seed, kills, ...shortened(verdict), breaches }, null, 2))
if (breaches.length > 0) process.exitCode = 1

function shortened(whole: Verdict): object {
  return Object.fromEntries(
    Object.entries(whole).map(([name, value]) => [
      name,
      Array.isArray(value) ? { count: value.length, first: value.slice(0, MAX_LISTED) } : value,
    ]),
  )
}
