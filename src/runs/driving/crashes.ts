/** A run is failed when the process has ended this often while driving it, each time before another step was finished. */
export const MAX_CRASHES = 10

const MAX_DELAY_MS = 300_000

/**
 * How long after a start a run goes on, in ms: at once after one crash, which may be anybody's. A run that was there at
 * several crashes in a row may be their cause, so it waits, ever longer and at random: the server can be reached, and
 * the others that were there get further without it.
 */
export function recoveryDelayMs(crashes: number, random: () => number = Math.random): number {
  if (crashes < 2 || crashes >= MAX_CRASHES) return 0
  return random() * Math.min(1000 * 2 ** (crashes - 1), MAX_DELAY_MS)
}
