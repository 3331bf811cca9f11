import type { Database } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import type { Journal } from '../journal/journal.ts'
import { findRun } from '../journal/store.ts'
import { progressOf } from '../progress.ts'
import type { Run } from '../run.ts'
import type { Runs } from '../runs.ts'

/** @throws AppError `run_not_found`, also when the run is another crew's */
export async function getRun(db: Database['db'], runId: string, crew: string | null): Promise<Run> {
  const run = await findRun(db, runId)
  if (run === undefined || (crew !== null && run.crew !== crew))
    throw new AppError('run_not_found', { runId })
  return run
}

/** See {@link Runs.report}. */
export function createReport(db: Database['db'], journal: Journal): Runs['report'] {
  return async (runId, crew) => {
    const run = await getRun(db, runId, crew)
    return { run, progress: progressOf(await journal.read(runId, run.lastSeq)) }
  }
}
