/** @param share 0.5: the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** Least, median and most, as text. */
export function spread(values: readonly number[], digits: number): string {
  return [0, 0.5, 1].map((share) => quantile(values, share).toFixed(digits)).join(' / ')
}
