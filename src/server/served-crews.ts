import { type Config, ConfigError } from '../config.ts'
import { type Catalog, createCatalog, type LiveCatalog, type Served } from '../crew/catalog.ts'
import type { LoadedCrews } from '../load/load-crews.ts'
import type { CrewCode } from '../workers/crew-code.ts'

/** @throws ConfigError when the default crew is not there */
export function catalogOf(
  { defaultCrew, crewsDir }: Config,
  { crews, codes }: LoadedCrews,
): LiveCatalog {
  if (defaultCrew !== null && !crews.has(defaultCrew))
    throw new ConfigError(
      `DEFAULT_CREW names "${defaultCrew}", which is not served from ${crewsDir}. Served are: ${[...crews.keys()].join(', ') || 'none'}.`,
    )
  return createCatalog(crews.values(), defaultCrew, codes)
}

export function servedBy(catalog: Catalog): readonly Served[] {
  return catalog.names.flatMap((name) => catalog.get(name) ?? [])
}

/** Everything whose processes may live. */
export function codesOf({ read }: Pick<LoadedCrews, 'read'>): readonly Retirable[] {
  const crews = [...read.values()].flatMap((folder) => folder.crews)
  return crews.flatMap(({ code, python }) => (python === null ? [code] : [code, python]))
}

/** Code that is ended with its last call, or at once. */
export type Retirable = Pick<CrewCode, 'retire' | 'stop'>

export async function stopAll(codes: Iterable<Pick<CrewCode, 'stop'>>): Promise<void> {
  await Promise.all([...codes].map((code) => code.stop()))
}
