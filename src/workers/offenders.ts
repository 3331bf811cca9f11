import type { Origin, Spoiling } from './worker.ts'

/** A run is failed when its tools have ended or spoilt so many processes in a row. */
const MAX_SPOILT = 5
/** So many good calls of the run end the row. */
const GOOD_CALLS = 10
/** How long a run's tool that has spoilt a process is called apart from the others. */
const APART_MS = 600_000
/** When a tool has spoilt processes for so many runs, it is called apart for all. */
const APART_FROM_RUNS = 3
/** Runs that are remembered, of those that spoil anything. */
const MAX_RUNS = 10_000

/** Who has spoilt processes. */
export interface Offenders {
  note(spoiling: Spoiling): void
  noteGood(runId: string): void
  /** Whether such a call is made in a process of its own for now. */
  isApart(origin: Origin): boolean
  /** @throws Error with a text for people when the run has spoilt too many processes; a new row begins with it */
  check(runId: string): void
}

interface Row {
  readonly spoilt: number
  /** Good calls since. */
  readonly good: number
  /** What it was the last time. */
  readonly last: string
}

export function createOffenders(now: () => number = () => performance.now()): Offenders {
  const rows = new Map<string, Row>()
  /** By tool and run, until when. */
  const apart = new Map<string, Map<string, number>>()

  function runsApart(tool: string): Map<string, number> {
    const runs = apart.get(tool) ?? new Map<string, number>()
    for (const [runId, until] of runs) if (until <= now()) runs.delete(runId)
    return runs
  }

  function noteApart({ tool, runId }: Origin): void {
    const runs = runsApart(tool)
    setLast(runs, runId, now() + APART_MS)
    apart.set(tool, runs)
  }

  return {
    note({ type, origin, reason }) {
      if (origin === null) return
      noteApart(origin)
      // A call that blocks may be on its way to a good end, and one that wears its process out has come to one.
      if (type === 'blocks' || type === 'worn') return
      const { tool, runId } = origin
      const spoilt = (rows.get(runId)?.spoilt ?? 0) + 1
      setLast(rows, runId, { spoilt, good: 0, last: `${tool}: ${reason}` })
    },
    noteGood(runId) {
      const row = rows.get(runId)
      if (row === undefined) return
      if (row.good + 1 >= GOOD_CALLS) rows.delete(runId)
      else rows.set(runId, { ...row, good: row.good + 1 })
    },
    isApart({ tool, runId }) {
      const runs = runsApart(tool)
      return runs.has(runId) || runs.size >= APART_FROM_RUNS
    },
    check(runId) {
      const { spoilt = 0, last } = rows.get(runId) ?? {}
      if (spoilt < MAX_SPOILT) return
      rows.delete(runId)
      throw new Error(
        `The tools of this run have ended their process ${spoilt} times, the last time ${last}`,
      )
    },
  }
}

/** Puts the entry last, and drops the first when there are too many. */
function setLast<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  const [first] = map.keys()
  if (map.size > MAX_RUNS && first !== undefined) map.delete(first)
}
