import type { Crew } from '../crew/crew.ts'
import { AppError } from '../errors.ts'

/** The crews that are served. */
export interface Crews {
  readonly names: readonly string[]
  get(name: string): Crew | undefined
  /** The crew that answers at the root; null: none does. */
  readonly defaultName: string | null
}

/** @throws AppError `crew_not_found` */
export function getCrew(crews: Crews, name: string): Crew {
  const crew = crews.get(name)
  if (crew === undefined) throw new AppError('crew_not_found', { crew: name, known: crews.names })
  return crew
}

export function listCrews(crews: Crews): readonly Crew[] {
  return crews.names.map((name) => getCrew(crews, name))
}
