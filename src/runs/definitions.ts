import type { Catalog, Served } from '../crew/catalog.ts'
import type { Crew } from '../crew/crew.ts'
import { fromDefinition } from '../crew/definition.ts'
import type { Database } from '../db/database.ts'
import type { Run } from './run.ts'
import { findDefinition, findVersion, serveVersion, type VersionRow } from './version-store.ts'

/** The versions of crews that runs keep to: the served ones, and what was served when an older run was started. */
export interface Definitions {
  /**
   * Stores a served version, and that it is served, once.
   *
   * @returns the version that was served before; null: none was, or the same
   */
  keep(served: Served): Promise<VersionRow | null>
  /**
   * The crew as the run was started with it. Tools are the code that there is when they are called; one that is gone tells so.
   *
   * @throws Error when the version is not there
   */
  crewOf(run: Pick<Run, 'crew' | 'version'>): Promise<Crew>
  /**
   * A version of a served crew, with the hash of the code that it was last served with.
   *
   * @param wanted its hash, or its label; of several with that label the one that was served last is meant
   */
  find(served: Served, wanted: string): Promise<Served | undefined>
}

/** Crews of the past that are held in memory; one has some 10 kB. */
const MAX_HELD = 100

export function createDefinitions({ db, commit }: Database, catalog: Catalog): Definitions {
  // By what is served, not by its hash: a version that comes back after another is recorded again.
  const kept = new WeakMap<Served, Promise<VersionRow | null>>()
  const held = new Map<string, Crew>()

  async function read(run: Pick<Run, 'crew' | 'version'>): Promise<Crew> {
    const definition = await findDefinition(db, run.version)
    if (definition === undefined)
      throw new Error(`The version ${run.version} of the crew ${run.crew} is not in the database.`)
    return fromDefinition(definition, (tool) => catalog.bind(run.crew, tool))
  }

  const crewOf: Definitions['crewOf'] = async (run) => {
    const served = catalog.get(run.crew)
    if (served?.version === run.version) return served.crew
    const crew = held.get(run.version) ?? (await read(run))
    // The one that was used last stands last.
    held.delete(run.version)
    held.set(run.version, crew)
    const [oldest] = held.keys()
    if (held.size > MAX_HELD && oldest !== undefined) held.delete(oldest)
    return crew
  }

  return {
    keep(served) {
      const keeping = kept.get(served) ?? commit((tx) => serveVersion(tx, served))
      kept.set(served, keeping)
      // Tried again for the next run.
      return keeping.catch((error: unknown) => {
        kept.delete(served)
        throw error
      })
    },
    crewOf,
    async find(served, wanted) {
      if (wanted === served.version || wanted === served.crew.label) return served
      const crew = served.crew.name
      const row = await findVersion(db, crew, wanted)
      if (row === undefined) return undefined
      const { hash: version, codeHash } = row
      return { crew: await crewOf({ crew, version }), version, codeHash }
    },
  }
}
