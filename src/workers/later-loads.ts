import type { Member } from './members.ts'
import type { Loading, Reference } from './protocol.ts'
import type { CallOutcome } from './worker.ts'

/** How long code that ended its worker while it was loaded is not tried again. */
const BROKEN_MS = 60_000

/** What is known and loaded in a worker at the first call there. */
export interface LaterLoads {
  register(references: readonly Reference[]): void
  /** Resolves when what the key stands for can be called. Not null: it cannot, and why. */
  load(member: Member, key: string): Promise<CallOutcome | null>
}

export function createLaterLoads(
  onLoaded: (loading: Loading) => void,
  now: () => number = () => performance.now(),
): LaterLoads {
  const registered = new Map<string, Reference>()
  const broken = new Map<string, { readonly reason: string; readonly until: number }>()

  /** A tool in a list has the list's key before its own. */
  function referenceOf(key: string): Reference | undefined {
    const listKey = key.slice(0, Math.max(0, key.lastIndexOf('#')))
    return registered.get(key) ?? registered.get(listKey)
  }

  return {
    register(references) {
      for (const reference of references) registered.set(reference.key, reference)
    },
    async load(member, key) {
      const reference = referenceOf(key)
      if (reference === undefined) return null
      const { reason, until } = broken.get(reference.key) ?? { reason: '', until: 0 }
      if (until > now()) return { type: 'guilty', reason }
      const outcome = await member.loadOnce(reference)
      if ('loaded' in outcome) {
        onLoaded(outcome)
        return null
      }
      if (outcome.key !== reference.key) return { type: 'not_begun', reason: outcome.reason }
      broken.set(reference.key, { reason: outcome.reason, until: now() + BROKEN_MS })
      return { type: 'guilty', reason: outcome.reason }
    },
  }
}
