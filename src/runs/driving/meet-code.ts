import type { Logger } from 'pino'
import type { Catalog, Served } from '../../crew/catalog.ts'
import type { Crew } from '../../crew/crew.ts'
import { type ChangedCode, codeChangeOf } from '../changed-code.ts'
import type { Run } from '../run.ts'
import type { Recorder } from './recorder.ts'

interface Meeting {
  readonly run: Run
  /** What the run keeps to. */
  readonly crew: Crew
  readonly catalog: Catalog
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
export type MeetCode = () => Promise<void>

/** To be asked before an execution of the run begins, and before each call of a tool: crews are replaced meanwhile. */
export function createMeetCode(meeting: Meeting): MeetCode {
  const { run, crew, catalog, recorder, changedCode, log } = meeting
  let { hasBegun } = meeting
  let { codeHash } = run
  let met: Served | undefined
  let meets: Promise<void> = Promise.resolve()

  async function meet(served: Served): Promise<void> {
    const change = codeChangeOf({ codeHash }, crew, served)
    // One that has done nothing yet mixes nothing.
    const mustFail = changedCode === 'fail' && hasBegun
    hasBegun = true
    if (change === null) return
    if (mustFail)
      throw new Error(
        `The code of the crew ${run.crew} has changed since this run was started, and CHANGED_CODE=fail keeps runs from going on with other code. Put the former code back, or set CHANGED_CODE=continue, before it is tried again.`,
      )
    codeHash = change.to
    log.warn(change, 'the run goes on with other code of its crew than it was started with')
    const fact = { type: 'crew_code_changed', data: change } as const
    await recorder.conclude(fact, { codeHash })
  }

  return () => {
    const served = catalog.get(run.crew)
    if (served !== undefined && served !== met) {
      met = served
      // One after the other: tools may be called side by side.
      meets = meets.then(() => meet(served))
      // Whoever asks meets the error.
      meets.catch(() => {})
    }
    return meets
  }
}
