import type { Callers } from './callers.ts'
import { expectedOf, type WebhookKind } from './crew.ts'
import type { Ledger, Resumed } from './ledger.ts'
import type { Mailbox } from './mailbox.ts'
import type { Person } from './person.ts'

interface Evidence {
  readonly options: { readonly longLifeMs: number }
  readonly ledger: Ledger
  readonly mailbox: Mailbox
  readonly callers: Callers
  readonly person: Person
  /** Runs and their states, as the server lists them. */
  readonly all: ReadonlyMap<string, string>
}

/** What a campaign found. Lists hold what should not have happened, a line each. */
export interface Verdict {
  /** Nothing is still on its way. */
  readonly isSettled: boolean
  readonly runs: {
    readonly accepted: number
    /** Kickoffs whose answer was cut off. */
    readonly unanswered: number
    readonly completed: number
  }
  readonly steps: { readonly done: number; readonly cutOff: number; readonly called: number }
  readonly webhooks: {
    readonly expected: number
    readonly received: number
    readonly duplicates: number
    readonly answeredBusy: number
  }
  readonly answers: { readonly given: number; readonly repeated: number }
  readonly runsLost: readonly string[]
  readonly stepsPaidTwice: readonly string[]
  /** By one process, with no kill in between. */
  readonly stepsCalledTwice: readonly string[]
  readonly stepsLeftOut: readonly string[]
  readonly webhooksLost: readonly string[]
  readonly webhooksWrong: readonly string[]
  readonly wrongAnswers: readonly string[]
  /** From a process that listens to the next call of each run that was cut off, in lives that were long enough. */
  readonly restartToResumed: {
    readonly runs: number
    readonly p50Ms: number | null
    readonly p99Ms: number | null
    readonly mostMs: number | null
    /** Of runs that fewer than five kills in a row had cut off, which nobody can hold to be the cause. */
    readonly p99MsUnsuspected: number | null
    /** Had not gone on when the process was killed again. */
    readonly neverInLife: number
  }
  /** Of the last process, told to end; null: it died. */
  readonly exitCode: number | null
  /** Processes of killed servers that are still there. */
  readonly orphans: number
}

const KINDS: readonly WebhookKind[] = ['task', 'step', 'crew', 'human']

export function judge(evidence: Evidence): Verdict {
  const { ledger, mailbox, callers, person, all } = evidence
  const ids = [...new Set([...callers.accepted, ...all.keys(), ...mailbox.runIds()])]
  const runsLost = ids
    .filter((id) => all.get(id) !== 'completed')
    .map((id) => `${id}: ${all.get(id) ?? 'unknown'} ${callers.ended.get(id) ?? ''}`)
  const webhooksLost = ids.flatMap((id) => missingOf(id, mailbox))
  const stepsLeftOut = wrongCountsOf(ids, ledger)
  const calls = [...ledger.calls.values()]
  return {
    isSettled: runsLost.length + webhooksLost.length === 0,
    runs: {
      accepted: callers.accepted.size,
      unanswered: callers.unanswered(),
      completed: ids.length - runsLost.length,
    },
    steps: {
      done: calls.length,
      cutOff: ledger.cutOff(),
      called: calls.reduce((sum, count) => sum + count, 0),
    },
    webhooks: {
      expected: ids.reduce((sum, id) => sum + totalOf(expectedOf(id).webhooks), 0),
      received: mailbox.totals.received,
      duplicates: mailbox.totals.duplicates,
      answeredBusy: mailbox.totals.busy,
    },
    answers: person.answers,
    runsLost,
    stepsPaidTwice: ledger.paidTwice,
    stepsCalledTwice: ledger.calledTwice,
    stepsLeftOut,
    webhooksLost,
    webhooksWrong: [...mailbox.wrong, ...mailbox.gaps()],
    wrongAnswers: [...callers.wrong, ...person.wrong],
    restartToResumed: resumed(evidence),
    exitCode: null,
    orphans: 0,
  }
}

/** What must not be, by name; empty: the server held. */
export function breachesOf(verdict: Verdict, maxResumeMs: number | null): readonly string[] {
  const { restartToResumed, exitCode, orphans } = verdict
  const lists = {
    'runs lost': verdict.runsLost,
    'finished steps paid twice': verdict.stepsPaidTwice,
    'steps called twice by one process': verdict.stepsCalledTwice,
    'runs with steps too few or too many': verdict.stepsLeftOut,
    'webhooks lost': verdict.webhooksLost,
    'webhooks wrong': verdict.webhooksWrong,
    'wrong answers': verdict.wrongAnswers,
  }
  const p99Ms = restartToResumed.p99Ms ?? 0
  return [
    ...Object.entries(lists)
      .filter(([, lines]) => lines.length > 0)
      .map(([name, lines]) => `${name}: ${lines.length}, such as ${lines[0]}`),
    ...(exitCode === 0 ? [] : [`the last process ended with ${exitCode}`]),
    ...(orphans === 0 ? [] : [`processes left behind: ${orphans}`]),
    ...(maxResumeMs === null || p99Ms <= maxResumeMs
      ? []
      : [`restart to resumed: p99 ${Math.round(p99Ms)} ms, at most ${maxResumeMs} allowed`]),
  ]
}

function missingOf(runId: string, mailbox: Mailbox): readonly string[] {
  const expected = expectedOf(runId).webhooks
  const got = mailbox.countOf(runId)
  return KINDS.filter((kind) => got[kind] !== expected[kind]).map(
    (kind) => `${runId}: ${got[kind]} of ${expected[kind]} ${kind}`,
  )
}

function wrongCountsOf(ids: readonly string[], { calls }: Ledger): readonly string[] {
  const counts = new Map<string, { model: number; tool: number }>()
  for (const key of calls.keys()) {
    const runId = key.slice(0, key.indexOf('/'))
    const count = counts.get(runId) ?? { model: 0, tool: 0 }
    count[/\/tool\//.test(key) ? 'tool' : 'model'] += 1
    counts.set(runId, count)
  }
  return ids.flatMap((id) => {
    const { modelCalls, toolCalls } = expectedOf(id)
    const { model = 0, tool = 0 } = counts.get(id) ?? {}
    if (model === modelCalls && tool === toolCalls) return []
    return [`${id}: ${model} of ${modelCalls} model calls, ${tool} of ${toolCalls} tool calls`]
  })
}

function totalOf(counts: Readonly<Record<WebhookKind, number>>): number {
  return KINDS.reduce((sum, kind) => sum + counts[kind], 0)
}

function resumed({ ledger, options }: Evidence): Verdict['restartToResumed'] {
  // In a short life only the quick ones are seen. The first had nothing to go on with.
  const long = ledger.lives.filter(
    ({ number, lastedMs }) => number > 1 && lastedMs >= options.longLifeMs,
  )
  const all = long.flatMap(({ resumed: seen, unresumedCuts, lastedMs }) => [
    ...seen,
    ...unresumedCuts.map((cuts): Resumed => ({ ms: lastedMs, cuts })),
  ])
  return {
    runs: all.length,
    p50Ms: at(all, 0.5),
    p99Ms: at(all, 0.99),
    mostMs: at(all, 1),
    p99MsUnsuspected: at(
      all.filter(({ cuts }) => cuts < SUSPICIOUS_CUTS),
      0.99,
    ),
    neverInLife: long.reduce((sum, { unresumedCuts }) => sum + unresumedCuts.length, 0),
  }
}

const SUSPICIOUS_CUTS = 5

function at(resumes: readonly Resumed[], share: number): number | null {
  const sorted = resumes.map(({ ms }) => ms).toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
}
