import type { Logger } from 'pino'
import type { Catalog, Served } from '../../crew/catalog.ts'
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
  readonly catalog: Catalog
  readonly definitions: Definitions
  readonly log: Logger
}

/**
 * Records which versions are served from now on. What a change breaks is told once: at the next start the version is no
 * change any more.
 */
export async function serveCatalog(deps: ServeDeps): Promise<readonly BrokenContract[]> {
  const { catalog, log } = deps
  const all = catalog.names.flatMap((name) => catalog.get(name) ?? [])
  const broken = (await Promise.all(all.map((served) => keep(served, deps)))).flat()
  for (const contract of broken) log.warn(contract, 'a crew breaks what its callers rely on')
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
