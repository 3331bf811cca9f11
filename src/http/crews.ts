import type { Catalog } from '../crew/catalog.ts'
import type { Crew } from '../crew/crew.ts'
import { AppError } from '../errors.ts'

/** @throws AppError `crew_not_found` */
export function getCrew(catalog: Catalog, name: string): Crew {
  const served = catalog.get(name)
  if (served === undefined)
    throw new AppError('crew_not_found', { crew: name, known: catalog.names })
  return served.crew
}

export function listCrews(catalog: Catalog): readonly Crew[] {
  return catalog.names.map((name) => getCrew(catalog, name))
}
