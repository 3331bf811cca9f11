import type { Logger } from 'pino'
import type { Served } from '../../crew/catalog.ts'
import { breaksOf, contractOf } from '../../crew/contract.ts'
import type { Database } from '../../db/database.ts'
import type { Definitions } from '../definitions.ts'
import { findDefinition } from '../version-store.ts'

/** A version that breaks what callers of the one before it rely on. */
export interface BrokenContract {
  readonly crew: string
  /** Hash or, where it has one, label of the version that was served before. */
  readonly before: string
  /** A sentence each, without its full stop; at least one. */
  readonly breaks: readonly string[]
}

interface ServeDeps {
  readonly db: Database['db']
  readonly definitions: Definitions
  readonly log: Logger
}

/**
 * Records which versions are served from now on. What a change breaks is told once: at the next start the version is no
 * change any more.
 */
export async function recordServed(
  served: readonly Served[],
  deps: ServeDeps,
): Promise<readonly BrokenContract[]> {
  const broken = (await Promise.all(served.map((one) => keep(one, deps)))).flat()
  for (const contract of broken) deps.log.warn(contract, 'a crew breaks what its callers rely on')
  return broken
}

async function keep(
  served: Served,
  { db, definitions }: ServeDeps,
): Promise<readonly BrokenContract[]> {
  const { crew } = served
  const previous = await definitions.keep(served)
  const before = previous === null ? undefined : await findDefinition(db, previous.hash)
  if (previous === null || before === undefined) return []
  const breaks = breaksOf(contractOf(before), contractOf(crew))
  const called = previous.label ?? previous.hash
  return breaks.length === 0 ? [] : [{ crew: crew.name, before: called, breaks }]
}
