interface Point {
  readonly x: number
  readonly y: number
}

export interface Slope {
  readonly perX: number
  /** Half of the 95 % confidence interval; not a number with fewer than three points. */
  readonly plusMinus: number
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964

/** Least squares. Neighbouring points must not hang together, else the interval is too narrow: give means of blocks. */
export function fitSlope(points: readonly Point[]): Slope {
  const n = points.length
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n
  const sxx = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const sxy = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0)
  const perX = sxy / sxx
  const residual = points.reduce((sum, { x, y }) => sum + (y - meanY - perX * (x - meanX)) ** 2, 0)
  const freedom = n - 2
  return { perX, plusMinus: studentT(freedom) * Math.sqrt(residual / freedom / sxx) }
}

/** 97.5 % quantile of Student's t. Source: the expansion of Abramowitz and Stegun, 26.7.5; good from 3 degrees on. */
function studentT(freedom: number): number {
  return (
    Z +
    (Z ** 3 + Z) / (4 * freedom) +
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * freedom ** 2) +
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / (384 * freedom ** 3)
  )
}
