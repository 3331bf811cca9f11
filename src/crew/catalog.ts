import type { Crew } from './crew.ts'
import { hashOf, toDefinition } from './definition.ts'

/** A crew that kickoffs may name. */
export interface Served {
  readonly crew: Crew
  /** Hash of its definition. */
  readonly version: string
  /** Of the code that it brings; empty: it brings none. */
  readonly codeHash: string
}

/** What a crew brings as code. */
export interface HashedCode {
  /** Over everything of the crew's own. */
  codeHash(): string
}

/** The crews that are served. */
export interface Catalog {
  readonly names: readonly string[]
  get(name: string): Served | undefined
  /** The crew that answers at the root; null: none does. */
  readonly defaultName: string | null
}

/** @param codes by the name of the crew; one that is not there brings none */
export function createCatalog(
  crews: Iterable<Crew>,
  defaultName: string | null,
  codes: ReadonlyMap<string, HashedCode> = new Map(),
): Catalog {
  const served = new Map(
    [...crews].map((crew): [string, Served] => {
      const version = hashOf(toDefinition(crew))
      return [crew.name, { crew, version, codeHash: codes.get(crew.name)?.codeHash() ?? '' }]
    }),
  )
  return { names: [...served.keys()], get: (name) => served.get(name), defaultName }
}
