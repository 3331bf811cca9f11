import { type Logger, pino } from 'pino'
import type { Config } from '../config.ts'
import { createModelFinder } from '../llm/model-finder.ts'
import { type LoadedCrews, loadCrews } from '../load/load-crews.ts'

/** The crews of a server, on their way. */
export interface Loading {
  readonly log: Logger
  readonly crews: Promise<LoadedCrews>
}

/** Whoever calls this before it imports the server has both done at the same time: code of crews is loaded elsewhere. */
export function beginLoading({ logLevel, crewsDir, workers, models }: Config): Loading {
  const log = pino({ level: logLevel })
  const { check: checkModel } = createModelFinder(models)
  const crews = loadCrews(crewsDir, { ...workers, checkModel, log })
  // Whoever waits for it meets the error.
  crews.catch(() => {})
  return { log, crews }
}
