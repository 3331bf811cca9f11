import type { OnCrash, ToolCallRequest, ToolResult, UnknownOutcome } from '../tools/tool.ts'
import { noResult } from './no-result.ts'
import type { Offenders } from './offenders.ts'
import type { Work } from './protocol.ts'
import type { CallOutcome } from './worker.ts'
import type { WorkerPool } from './worker-pool.ts'

/** How often a call is made when its process ends by no fault of its own. */
const MAX_ATTEMPTS = 3

const UNKNOWN: UnknownOutcome = { unknown: 'its process was ended by another call' }

/** What can be called in the code of a crew. */
export interface Callable {
  readonly key: string
  readonly do: Work
  readonly timeoutMs: number
  readonly onCrash: OnCrash
}

/** The text of a result is JSON unless a tool was called, or the call has failed. */
export type CallWorker = (
  callable: Callable,
  request: ToolCallRequest,
) => Promise<ToolResult | UnknownOutcome>

/**
 * Calls something, and again when its process was ended by another. A call that may have been the cause itself is alone
 * the next time, so that it can be told; one that was the cause has failed, and is not made again.
 */
export function createCaller(pool: WorkerPool, offenders: Offenders): CallWorker {
  return async (callable, request) => {
    const { key, do: work, timeoutMs } = callable
    const { runId } = request.context
    let isSuspect = false
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      offenders.check(runId)
      // At last no other call can end it.
      const isAlone =
        isSuspect || attempt === MAX_ATTEMPTS || offenders.isApart({ tool: key, runId })
      const outcome = await pool.call({ ...request, key, do: work, timeoutMs }, isAlone)
      if (outcome.type === 'result') return noted(outcome.result, runId)
      offenders.check(runId)
      const end = endOf(outcome, callable)
      if (end !== null) return end
      isSuspect = outcome.type === 'cut_off' && outcome.isSuspect
    }
    const reason = `its process was ended ${MAX_ATTEMPTS} times, by other causes than this call`
    return noResult(work, reason)
  }

  function noted(result: ToolResult, runId: string): ToolResult {
    if (!result.failed) offenders.noteGood(runId)
    return result
  }
}

/** What is told of a call whose process has ended; null: it is made again. */
function endOf(
  outcome: Exclude<CallOutcome, { type: 'result' }>,
  { do: work, onCrash }: Callable,
): ToolResult | UnknownOutcome | null {
  if (outcome.type === 'guilty') return noResult(work, outcome.reason)
  return outcome.type === 'cut_off' && onCrash !== 'retry' ? UNKNOWN : null
}
