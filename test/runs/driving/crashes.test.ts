import { expect, test } from 'vitest'
import { MAX_CRASHES, recoveryDelayMs } from '../../../src/runs/driving/crashes.ts'

test.each([
  [0, 0],
  [1, 0],
  [2, 1_000],
  [11, 1_000],
  [12, 16_000],
  [13, 64_000],
  [15, 300_000],
  [MAX_CRASHES, 0],
])('after %i crashes in a row a run waits at most %i ms', (crashes, mostMs) => {
  expect(recoveryDelayMs(crashes, () => 1)).toBe(mostMs)
  expect(recoveryDelayMs(crashes, () => 0.5)).toBe(mostMs / 2)
})
