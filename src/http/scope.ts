import type { z } from 'zod'
import type { Catalog } from '../crew/catalog.ts'
import type { Crew } from '../crew/crew.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import { CrewParams, CrewRunParams, RootParams, RootRunParams } from '../wire/params.ts'
import { getCrew } from './crews.ts'

type Params = Partial<z.output<typeof CrewParams>>
type RunParams = Params & z.output<typeof RootRunParams>

/**
 * The base URL of one crew. AMP gives every crew its own host; here the default crew has the root, and each has a
 * path of its own. The same routes are registered for both.
 */
export interface Scope {
  readonly tag: string
  /** Makes operation ids unique. */
  readonly suffix: string
  readonly crewParams: z.ZodType<Params>
  readonly runParams: z.ZodType<RunParams>
  /** What {@link Scope.crewOf} throws. */
  readonly crewErrors: readonly ErrorCode[]
  crewOf(params: Params): Crew
  /** What {@link Scope.ownerOf} throws. */
  readonly ownerErrors: readonly ErrorCode[]
  /** The only crew whose runs are reached; null: the runs of all are. */
  ownerOf(params: Params): string | null
}

/** The root: the default crew, and the runs of all. */
export function rootScope(catalog: Catalog): Scope {
  return {
    tag: 'Default crew',
    suffix: '',
    crewParams: RootParams,
    runParams: RootRunParams,
    crewErrors: ['no_default_crew'],
    crewOf() {
      if (catalog.defaultName === null)
        throw new AppError('no_default_crew', { known: catalog.names })
      return getCrew(catalog, catalog.defaultName)
    },
    ownerErrors: [],
    ownerOf: () => null,
  }
}

/** `/crews/<crew>`: that crew, and its own runs. */
export function crewScope(catalog: Catalog): Scope {
  const crewOf = ({ crew = '' }: Params) => getCrew(catalog, crew)
  return {
    tag: 'Crew by name',
    suffix: 'OfCrew',
    crewParams: CrewParams,
    runParams: CrewRunParams,
    crewErrors: ['crew_not_found'],
    crewOf,
    ownerErrors: ['crew_not_found'],
    ownerOf: (params) => crewOf(params).name,
  }
}
