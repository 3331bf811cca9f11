import { expect, test } from 'vitest'
import { runCampaign } from '../../harness/chaos/campaign.ts'
import { breachesOf } from '../../harness/chaos/verdict.ts'

const KILLS = 12
const RUNS = 25

test(`after kill -9 at ${KILLS} random points no run and no webhook is lost, and no finished step is paid again`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 32)

  const verdict = await runCampaign({
    kills: KILLS,
    runs: RUNS,
    seed,
    latencyMs: 150,
    shortLifeMs: 800,
    minCalls: 2 * RUNS,
    longShare: 0,
    longLifeMs: 0,
    busyShare: 0,
    settleMs: 60_000,
  })

  // Times are for `npm run chaos`: they would depend on the machine.
  expect(breachesOf(verdict, null), `seed ${seed}`).toEqual([])
  // It was a test at all: calls were cut off, and runs outlasted kills.
  expect(verdict.steps.cutOff).toBeGreaterThan(RUNS)
  expect(verdict.steps.called).toBeGreaterThan(verdict.steps.done)
  expect(verdict.runs.completed).toBeGreaterThanOrEqual(RUNS)
}, 150_000)
