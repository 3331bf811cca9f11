import PQueue from 'p-queue'
import { orAborted } from '../llm/abort.ts'
import { createLaterLoads, type LaterLoads } from './later-loads.ts'
import { createMembers, type Member, type MembersOptions } from './members.ts'
import { noResult } from './no-result.ts'
import type { Loading, Reference } from './protocol.ts'
import type { Respite } from './respite.ts'
import type { CallOutcome, LoadBroken, WorkerCall } from './worker.ts'

/** Workers at a time in which a call of the same tool is alone. */
const DEFAULT_MAX_ALONE = 8

/** How often the same is loaded when the worker ends before its turn comes. */
const MAX_LOADS = 3

/** The workers of one crew, each started when it is needed. */
export interface WorkerPool {
  /** Loads into the worker that calls share. Later workers load the same. */
  load(references: readonly Reference[]): Promise<Loading | LoadBroken>
  /** Makes known what is loaded at the first call of it. */
  register(references: readonly Reference[]): void
  /**
   * @param isAlone in a worker of its own, which is ended afterwards
   * @throws the signal's reason, as soon as it is aborted
   */
  call(call: WorkerCall, isAlone: boolean): Promise<CallOutcome>
  stop(): Promise<void>
}

export interface WorkerPoolOptions extends Omit<MembersOptions, 'known' | 'onDeath'> {
  readonly maxAlone?: number
  /** Calls wait while a worker that ends again and again is left alone; absent: they never do. */
  readonly respite?: Respite
  /** Told why a worker could not begin, so that a call has failed. */
  readonly onBroken?: (reason: string) => void
  /** Told what came of loading what was registered. */
  readonly onLoadedLater?: (loading: Loading) => void
}

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { maxAlone = DEFAULT_MAX_ALONE, respite, onBroken, onLoadedLater = () => {} } = options
  const known: Reference[] = []
  const onDeath = respite?.noteDeath ?? (() => {})
  const members = createMembers({ ...options, known, onDeath })
  const later: LaterLoads = createLaterLoads(onLoadedLater)
  const queues = new Map<string, PQueue>()

  /** One for each tool, so that none waits for the bad luck of another. */
  function queueOf(tool: string): PQueue {
    const queue = queues.get(tool) ?? new PQueue({ concurrency: maxAlone })
    queues.set(tool, queue)
    return queue
  }

  function callIn(member: Member, call: WorkerCall): Promise<CallOutcome> {
    return members.use(member, true, async () => {
      const begun = await orAborted(member.begun, call.signal)
      if ('loaded' in begun)
        return (
          (await orAborted(later.load(member, call.key), call.signal)) ?? member.worker.call(call)
        )
      onBroken?.(begun.reason)
      const reason = `the code of its crew could not be loaded: ${begun.reason}`
      const result = noResult(call.do, reason)
      return { type: 'result', result }
    })
  }

  async function loadInto(
    references: readonly Reference[],
    attempts: number,
  ): Promise<Loading | LoadBroken> {
    const member = members.shared()
    const loading = members.use(member, false, async () => {
      const begun = await member.begun
      return 'loaded' in begun ? member.load(references) : begun
    })
    const outcome = await loading
    if ('loaded' in outcome) {
      const isNew = ({ key }: Reference) => known.every((one) => one.key !== key)
      known.push(...references.filter(isNew))
      return outcome
    }
    // It was ended by what was loaded before.
    const isOthers = outcome.key === null && 'loaded' in (await member.begun)
    return isOthers && attempts > 1 ? loadInto(references, attempts - 1) : outcome
  }

  return {
    async call(call, isAlone) {
      const { key, signal } = call
      await respite?.over(signal)
      if (!isAlone) return callIn(members.shared(), call)
      const queued = queueOf(key).add(() => callIn(members.single(), call), { signal })
      return orAborted(queued, signal)
    },
    load: (references) => loadInto(references, MAX_LOADS),
    register: later.register,
    stop: members.stop,
  }
}
