/** Two slips of the finger, or one letter swapped with the next; more is another word. */
const MAX_DISTANCE = 2

/** The known word that `word` is most likely a typing error of. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(word, candidate) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  // Half of its letters make a short word another word, too.
  return best !== undefined && best.distance <= MAX_DISTANCE && best.distance < word.length / 2
    ? best.candidate
    : undefined
}

/** Levenshtein's: how many letters to insert, drop or replace. */
function distance(a: string, b: string): number {
  // Far more than any field name, so that a key of 100 kB costs nothing.
  if (Math.abs(a.length - b.length) > MAX_DISTANCE) return Number.POSITIVE_INFINITY
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1]
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1)
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
