import { type Logger, pino } from 'pino'
import type { Config } from '../config.ts'
import { createModelFinder } from '../llm/model-finder.ts'
import { type LoadedCrews, loadCrews } from '../load/load-crews.ts'
import { type PythonProjects, pythonProjects } from '../workers/python/python-projects.ts'

/** The crews of a server, on their way. */
export interface Loading {
  readonly log: Logger
  readonly crews: Promise<LoadedCrews>
  /** What their Python runs in. */
  readonly python: PythonProjects
}

/** Whoever calls this before it imports the server has both done at the same time: code of crews is loaded elsewhere. */
export function beginLoading(config: Config): Loading {
  const { logLevel, crewsDir, workers, models } = config
  const log = pino({ level: logLevel })
  const python = pythonProjects({ ...config.python, log })
  const { check: checkModel } = createModelFinder(models)
  const crews = loadCrews(crewsDir, { ...workers, checkModel, python: python.of, log })
  // Whoever waits for it meets the error.
  crews.catch(() => {})
  return { log, crews, python }
}
