/**
 * The clock that due times are made and compared with, in ms since the epoch. It takes the wall clock's time when the
 * process starts and never jumps afterwards, whatever is done to that one.
 */
export function steadyNow(): number {
  return Math.trunc(performance.timeOrigin + performance.now())
}
