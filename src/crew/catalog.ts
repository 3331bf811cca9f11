import type { Crew } from './crew.ts'
import { hashOf, toDefinition } from './definition.ts'

/** A crew that kickoffs may name. */
export interface Served {
  readonly crew: Crew
  /** Hash of its definition. */
  readonly version: string
}

/** The crews that are served. */
export interface Catalog {
  readonly names: readonly string[]
  get(name: string): Served | undefined
  /** The crew that answers at the root; null: none does. */
  readonly defaultName: string | null
}

export function createCatalog(crews: Iterable<Crew>, defaultName: string | null): Catalog {
  const served = new Map(
    [...crews].map((crew): [string, Served] => [
      crew.name,
      { crew, version: hashOf(toDefinition(crew)) },
    ]),
  )
  return { names: [...served.keys()], get: (name) => served.get(name), defaultName }
}
