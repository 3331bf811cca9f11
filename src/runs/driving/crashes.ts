/** A run is failed when the process has ended this often while driving it, each time before another step was finished. */
export const MAX_CRASHES = 16

/** A run that was there at so many crashes in a row is held to be their cause; fewer may be anybody's. */
const SUSPECT_CRASHES = 12
/** Of runs that are not, so that not all of them meet the one that is. */
const SPREAD_MS = 1_000
/** Long beside the time in which a run may bring the process to its end. */
const SUSPECT_DELAY_MS = 16_000
const SUSPECT_FACTOR = 4
const MAX_DELAY_MS = 300_000

/**
 * How long after a start a run goes on, in ms. After one crash at once. After some it is spread, so that others get a
 * step further before the cause, if it is one of them, ends the process again. What was there every time waits, ever
 * longer and at random: the server can be reached, and the others get further without it.
 */
export function recoveryDelayMs(crashes: number, random: () => number = Math.random): number {
  if (crashes < 2 || crashes >= MAX_CRASHES) return 0
  return random() * (crashes < SUSPECT_CRASHES ? SPREAD_MS : suspectDelayMs(crashes))
}

function suspectDelayMs(crashes: number): number {
  return Math.min(SUSPECT_DELAY_MS * SUSPECT_FACTOR ** (crashes - SUSPECT_CRASHES), MAX_DELAY_MS)
}
