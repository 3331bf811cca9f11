import { toolFailed } from '../tools/call-tool.ts'
import type { ToolCallRequest, ToolData, ToolResult, UnknownOutcome } from '../tools/tool.ts'
import type { Offenders } from './offenders.ts'
import type { WorkerPool } from './worker-pool.ts'

/** How often a call is made when its process ends by no fault of its own. */
const MAX_ATTEMPTS = 3

const UNKNOWN: UnknownOutcome = { unknown: 'its process was ended by another call' }

type CallWorker = (tool: ToolData, request: ToolCallRequest) => Promise<ToolResult | UnknownOutcome>

/**
 * Calls a tool, and again when its process was ended by another. A call that may have been the cause itself is alone the
 * next time, so that it can be told; one that was the cause has failed, and is not made again.
 */
export function createCaller(pool: WorkerPool, offenders: Offenders): CallWorker {
  return async ({ key, timeoutMs, onCrash }, request) => {
    const { runId } = request.context
    let isSuspect = false
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      offenders.check(runId)
      // At last no other call can end it.
      const isAlone =
        isSuspect || attempt === MAX_ATTEMPTS || offenders.isApart({ tool: key, runId })
      const outcome = await pool.call({ ...request, key, timeoutMs }, isAlone)
      if (outcome.type === 'result') return noted(outcome.result, runId)
      offenders.check(runId)
      if (outcome.type === 'guilty') return toolFailed(outcome.reason)
      if (onCrash !== 'retry') return UNKNOWN
      isSuspect = outcome.isSuspect
    }
    return toolFailed(`its process was ended ${MAX_ATTEMPTS} times, by other causes than this call`)
  }

  function noted(result: ToolResult, runId: string): ToolResult {
    if (!result.failed) offenders.noteGood(runId)
    return result
  }
}
