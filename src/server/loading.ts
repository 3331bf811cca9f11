import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { createModelFinder } from '../llm/model-finder.ts'
import { type LoadedCrews, loadCrews } from '../load/load-crews.ts'
import type { LoadOptions } from '../load/load-folder.ts'
import { type PythonProjects, pythonProjects } from '../workers/python/python-projects.ts'
import { createLog, withPrints } from './log/log.ts'
import { type Changes, watchChanges } from './watch/changes.ts'

/** The crews of a server, on their way. */
export interface Loading {
  readonly log: Logger
  readonly crews: Promise<LoadedCrews>
  /** What their Python runs in. */
  readonly python: PythonProjects
  /** How they are loaded once more, apart from what was loaded before. */
  readonly again: () => LoadOptions
  /** Of their files, from before they were read; null: nobody looks. */
  readonly changes: Changes | null
}

/**
 * Whoever calls this before it imports the server has both done at the same time: code of crews is loaded elsewhere.
 *
 * @param watch whether the files of crews are watched; then what their code prints is logged, too
 */
export function beginLoading(config: Config, watch = false): Loading {
  const { crewsDir, workers, models } = config
  const log = createLog(config)
  const codeLog = watch ? withPrints(log) : log
  const python = pythonProjects({ ...config.python, log: codeLog })
  const { check: checkModel } = createModelFinder(models)
  const options = { ...workers, checkModel, log: codeLog }
  const changes = watch ? watchChanges(crewsDir) : null
  const load = () => loadCrews(crewsDir, { ...options, python: python.of })
  const crews = changes === null ? load() : changes.ready.then(load)
  // Whoever waits for it meets the error.
  crews.catch(() => {})
  const again = () => ({ ...options, python: python.anew() })
  return { log, crews, python, again, changes }
}
