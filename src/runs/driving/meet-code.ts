import type { Logger } from 'pino'
import type { Served } from '../../crew/catalog.ts'
import type { Crew } from '../../crew/crew.ts'
import { type ChangedCode, codeChangeOf } from '../changed-code.ts'
import type { Run } from '../run.ts'
import type { Recorder } from './recorder.ts'

interface Meeting {
  readonly run: Run
  /** What the run keeps to. */
  readonly crew: Crew
  readonly served: Served | undefined
  /** Whether the run has done something already. */
  readonly hasBegun: boolean
  readonly recorder: Recorder
  readonly changedCode: ChangedCode
  readonly log: Logger
}

/**
 * A run goes on with its definition, but code cannot be kept. Says once that it has changed since the run used it.
 *
 * @throws Error for people when the run must not go on; Interruption
 */
export async function meetCode(meeting: Meeting): Promise<void> {
  const { run, crew, served, recorder, log } = meeting
  const change = served === undefined ? null : codeChangeOf(run, crew, served)
  if (change === null) return
  // One that has done nothing yet mixes nothing.
  if (meeting.changedCode === 'fail' && meeting.hasBegun)
    throw new Error(
      `The code of the crew ${run.crew} has changed since this run was started, and CHANGED_CODE=fail keeps runs from going on with other code. Put the former code back, or set CHANGED_CODE=continue, before it is tried again.`,
    )
  log.warn(change, 'the run goes on with other code of its crew than it was started with')
  const fact = { type: 'crew_code_changed', data: change } as const
  await recorder.conclude(fact, { codeHash: change.to })
}
