/** Counts what agreed and what did not, and says the latter at once. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  /** Equal as JSON, in whichever order their keys stand. */
  compare(what: string, ours: unknown, theirs: unknown): void
  fail(what: string, why: string): void
  pass(): void
}

export function createTally(write: (line: string) => void): Tally {
  let passed = 0
  let failed = 0
  const fail = (what: string, why: string) => {
    failed += 1
    write(`✗ ${what}: ${why}`)
  }
  return {
    get passed() {
      return passed
    },
    get failed() {
      return failed
    },
    pass: () => {
      passed += 1
    },
    fail,
    compare: (what, ours, theirs) => {
      const difference = firstDifference(ours, theirs, '')
      if (difference === null) passed += 1
      else fail(what, difference)
    },
  }
}

/** Characters of a value that a line shows. */
const MAX_SHOWN = 160

/** Null: there is none. */
export function firstDifference(ours: unknown, theirs: unknown, path: string): string | null {
  if (isObject(ours) && isObject(theirs) && Array.isArray(ours) === Array.isArray(theirs)) {
    const keys = new Set([...Object.keys(theirs), ...Object.keys(ours)])
    for (const key of keys) {
      const difference = firstDifference(ours[key], theirs[key], `${path}/${key}`)
      if (difference !== null) return difference
    }
    return null
  }
  return Object.is(ours, theirs) ? null : `${path}: ours ${show(ours)}, theirs ${show(theirs)}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
