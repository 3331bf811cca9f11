import { createTimers } from './process/timers.ts'
import type { Loading, Reference } from './protocol.ts'
import type { LoadBroken, Spoiling, StartWorker, Worker } from './worker.ts'

/** Until it has been called for the first time, a worker is kept for so long: it may have been needed to load only. */
const UNCALLED_IDLE_MS = 5_000
/** Spoilt workers that are kept for the calls in flight there; one more ends the oldest. */
const MAX_RETIRED = 3

/** A worker of a crew. */
export interface Member {
  readonly worker: Worker
  /** What came of loading what it began with. */
  readonly begun: Promise<Loading | LoadBroken>
  /** After everything that it loads already. */
  load(references: readonly Reference[]): Promise<Loading | LoadBroken>
  /** The same, unless it was asked for already. */
  loadOnce(reference: Reference): Promise<Loading | LoadBroken>
  uses: number
}

/** The workers of a crew that live. One is shared by all calls; it is ended when nobody has used it for a while. */
export interface Members {
  /** The one that is shared, or a new one. */
  shared(): Member
  /** A new one for one use, at the end of which it is ended. */
  single(): Member
  use<T>(member: Member, isCall: boolean, work: () => Promise<T>): Promise<T>
  /** Ends all of them. */
  stop(): Promise<void>
}

export interface MembersOptions {
  readonly start: StartWorker
  /** How long the shared worker is kept without a call. */
  readonly idleMs: number
  /** What every worker begins with. */
  readonly known: readonly Reference[]
  readonly onSpoilt: (spoiling: Spoiling) => void
  readonly onBegun: (loading: Loading) => void
  /** The shared worker has ended by itself. */
  readonly onDeath?: (reason: string) => void
}

export function createMembers({
  start,
  idleMs,
  known,
  onSpoilt,
  onBegun,
  onDeath,
}: MembersOptions): Members {
  const living = new Set<Member>()
  const retired = new Set<Member>()
  const timers = createTimers()
  let current: Member | null = null
  let wasCalled = false
  let isStopping = false

  function begin(): Member {
    const worker = start((spoiling) => {
      onSpoilt(spoiling)
      if (spoiling.type === 'ended' && member === current && !isStopping) onDeath?.(spoiling.reason)
      retire(member)
      if (spoiling.type !== 'ended') return
      living.delete(member)
      retired.delete(member)
    })
    const begun = beginWithKnown(worker)
    const member: Member = { worker, begun, ...loadsAfter(begun, worker), uses: 0 }
    living.add(member)
    return member
  }

  async function beginWithKnown(worker: Worker): Promise<Loading | LoadBroken> {
    const outcome = await worker.load([...known])
    if ('loaded' in outcome) onBegun(outcome)
    return outcome
  }

  /** It is shared no longer, and ends after the calls it has. */
  function retire(member: Member): void {
    if (current !== member) return
    current = null
    retired.add(member)
    rest(member)
    const [oldest] = retired
    if (retired.size > MAX_RETIRED) void oldest?.worker.stop()
  }

  function rest(member: Member): void {
    if (member.uses > 0) return
    const restMs = wasCalled ? idleMs : Math.min(idleMs, UNCALLED_IDLE_MS)
    if (member === current) timers.set('idle', restMs, () => retire(member))
    else void member.worker.stop()
  }

  return {
    shared() {
      current ??= begin()
      return current
    },
    single: begin,
    async use(member, isCall, work) {
      member.uses += 1
      wasCalled ||= isCall
      if (member === current) timers.clear('idle')
      try {
        return await work()
      } finally {
        member.uses -= 1
        rest(member)
      }
    },
    async stop() {
      timers.clearAll()
      isStopping = true
      await Promise.all([...living].map(({ worker }) => worker.stop()))
      isStopping = false
    },
  }
}

/** A worker loads one thing after the other. */
function loadsAfter(begun: Promise<unknown>, worker: Worker): Pick<Member, 'load' | 'loadOnce'> {
  const once = new Map<string, Promise<Loading | LoadBroken>>()
  let last = begun

  function load(references: readonly Reference[]): Promise<Loading | LoadBroken> {
    const next = last.then(() => worker.load(references))
    last = next
    return next
  }

  return {
    load,
    loadOnce(reference) {
      const loading = once.get(reference.key) ?? load([reference])
      once.set(reference.key, loading)
      return loading
    },
  }
}
