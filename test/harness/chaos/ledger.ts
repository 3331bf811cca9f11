import Sqlite from 'better-sqlite3'

/** A model call or a tool call, as the outside saw it arrive. */
export interface Arrival {
  /** From 1: which process made it. */
  readonly life: number
  readonly runId: string
  /** `<run>/<step key>`. */
  readonly key: string
}

interface Life {
  readonly number: number
  /** From ready to the kill. */
  readonly lastedMs: number
  /** Runs that a kill had cut off and that made a call again. */
  readonly resumed: readonly Resumed[]
  /** Runs that were cut off and had made no call when this process was killed: how often each had been, as below. */
  readonly unresumedCuts: readonly number[]
}

export interface Resumed {
  /** After this process was ready. */
  readonly ms: number
  /** Kills in a row that cut the run off, with no step finished in between: so it may be held to be their cause. */
  readonly cuts: number
}

/** What was called when, against what the journal had at each kill. */
export interface Ledger {
  arrived(arrival: Arrival): void
  /** The answer is on its way. */
  answered(arrival: Arrival): void
  /** The next process is being started. */
  born(): void
  ready(): void
  /** The process is dead. */
  killed(): void
  readonly lives: readonly Life[]
  /** Calls of each key. */
  readonly calls: ReadonlyMap<string, number>
  /** Steps that were called although the journal had their results, or must have had: their run had gone on from them. */
  readonly paidTwice: readonly string[]
  /** Steps that one process called twice. */
  readonly calledTwice: readonly string[]
  /** Calls that kills cut off. */
  cutOff(): number
  life(): number
}

export function createLedger(databaseFile: string): Ledger {
  const lives: Life[] = []
  const calls = new Map<string, number>()
  const seen = new Set<string>()
  const paidTwice: string[] = []
  const calledTwice: string[] = []
  /** In this life, by run. */
  const answered = new Map<string, string[]>()
  /** The life in which the result was recorded. */
  const finishedAt = new Map<string, number>()
  /** Runs that called in this life: no other's journal can have grown. */
  const active = new Set<string>()
  const unanswered = new Map<string, Arrival>()
  /** Runs that a kill has cut off and that have not called since. */
  const owed = new Set<string>()
  /** Kills in a row that cut a run off. */
  const cuts = new Map<string, number>()
  let life = 0
  let readyAt: number | null = null
  let resumed: Resumed[] = []
  let cutOff = 0

  /** A run that a kill had cut off goes on; a little before the process says that it listens. */
  function goesOn(runId: string): void {
    if (!owed.delete(runId)) return
    const ms = readyAt === null ? 0 : performance.now() - readyAt
    resumed.push({ ms, cuts: cuts.get(runId) ?? 0 })
  }

  /** A run goes on when what it goes on from is on disk; calls side by side do not wait for each other. */
  function recordCauses({ key, runId, life: caller }: Arrival): void {
    const causes = (answered.get(runId) ?? []).filter((one) => groupOf(one) !== groupOf(key))
    for (const cause of causes) if (!finishedAt.has(cause)) finishedAt.set(cause, caller)
  }

  function check({ key, life: caller }: Arrival): void {
    if ((finishedAt.get(key) ?? caller) < caller)
      paidTwice.push(`${key} of life ${finishedAt.get(key)}, in life ${caller}`)
    const inLife = `${key} in life ${caller}`
    if (seen.has(inLife)) calledTwice.push(inLife)
    seen.add(inLife)
  }

  return {
    lives,
    calls,
    paidTwice,
    calledTwice,
    cutOff: () => cutOff,
    life: () => life,
    arrived(arrival) {
      const { key, runId } = arrival
      calls.set(key, (calls.get(key) ?? 0) + 1)
      active.add(runId)
      check(arrival)
      // The dead may be heard a little later.
      if (arrival.life !== life) return
      recordCauses(arrival)
      unanswered.set(key, arrival)
      goesOn(runId)
    },
    answered({ key, runId, life: caller }) {
      unanswered.delete(key)
      cuts.delete(runId)
      if (caller === life) answered.set(runId, [...(answered.get(runId) ?? []), key])
    },
    born() {
      life += 1
      readyAt = null
      resumed = []
    },
    ready() {
      readyAt = performance.now()
    },
    killed() {
      const lastedMs = readyAt === null ? 0 : performance.now() - readyAt
      const unresumedCuts = [...owed].map((runId) => cuts.get(runId) ?? 0)
      lives.push({ number: life, lastedMs, resumed, unresumedCuts })
      cutOff += unanswered.size
      const cutNow = new Set([...unanswered.values()].map(({ runId }) => runId))
      for (const runId of cutNow) {
        owed.add(runId)
        cuts.set(runId, (cuts.get(runId) ?? 0) + 1)
      }
      unanswered.clear()
      for (const key of recordedKeys(databaseFile, [...active]))
        if (!finishedAt.has(key)) finishedAt.set(key, life)
      answered.clear()
      active.clear()
      seen.clear()
    },
  }
}

/**
 * Steps that are in the journal. The file is only read, so that its log is still there for the next process to recover.
 */
function recordedKeys(file: string, runIds: readonly string[]): readonly string[] {
  const database = new Sqlite(file, { readonly: true })
  try {
    return database
      .prepare(
        `SELECT "runId" || '/' || key FROM journal WHERE key IS NOT NULL AND "runId" IN (SELECT value FROM json_each(?))`,
      )
      .pluck()
      .all(JSON.stringify(runIds)) as string[]
  } finally {
    database.close()
  }
}

/** The same for the tool calls of one reply: `…/tool/2` for `…/tool/2.1`. */
function groupOf(key: string): string {
  return key.replace(/(\/tool\/\d+)\.\d+$/, '$1')
}
