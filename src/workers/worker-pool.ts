import PQueue from 'p-queue'
import { orAborted } from '../llm/abort.ts'
import { toolFailed } from '../tools/call-tool.ts'
import { createMembers, type Member, type MembersOptions } from './members.ts'
import type { Loading, Reference } from './protocol.ts'
import type { CallOutcome, LoadBroken, WorkerCall } from './worker.ts'

/** Workers at a time in which a call of the same tool is alone. */
const MAX_ALONE = 8

/** The workers of one crew, each started when it is needed. */
export interface WorkerPool {
  /** Loads into the worker that calls share. Later workers load the same. */
  load(references: readonly Reference[]): Promise<Loading | LoadBroken>
  /**
   * @param isAlone in a worker of its own, which is ended afterwards
   * @throws the signal's reason, as soon as it is aborted
   */
  call(call: WorkerCall, isAlone: boolean): Promise<CallOutcome>
  stop(): Promise<void>
}

export function createWorkerPool(options: Omit<MembersOptions, 'known'>): WorkerPool {
  const known: Reference[] = []
  const members = createMembers({ ...options, known })
  const queues = new Map<string, PQueue>()

  /** One for each tool, so that none waits for the bad luck of another. */
  function queueOf(tool: string): PQueue {
    const queue = queues.get(tool) ?? new PQueue({ concurrency: MAX_ALONE })
    queues.set(tool, queue)
    return queue
  }

  function callIn(member: Member, call: WorkerCall): Promise<CallOutcome> {
    return members.use(member, true, async () => {
      const begun = await orAborted(member.begun, call.signal)
      if ('loaded' in begun) return member.worker.call(call)
      const result = toolFailed(`the code of its crew could not be loaded: ${begun.reason}`)
      return { type: 'result', result }
    })
  }

  return {
    async call(call, isAlone) {
      if (!isAlone) return callIn(members.shared(), call)
      const { key, signal } = call
      const queued = queueOf(key).add(() => callIn(members.single(), call), { signal })
      return orAborted(queued, signal)
    },
    load(references) {
      const member = members.shared()
      return members.use(member, false, async () => {
        const begun = await member.begun
        if (!('loaded' in begun)) return begun
        const outcome = await member.worker.load(references)
        if ('loaded' in outcome) known.push(...references)
        return outcome
      })
    },
    stop: members.stop,
  }
}
