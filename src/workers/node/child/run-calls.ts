import { messageOf } from '../../../errors.ts'
import { executeTool, toolFailed } from '../../../tools/call-tool.ts'
import type { DefinedTool, ToolResult } from '../../../tools/tool.ts'
import type { CallMessage } from '../../protocol.ts'
import { say } from './say.ts'
import { duringCall, withinCall } from './scope.ts'

export interface Calls {
  /** Never rejects. */
  run(call: CallMessage): Promise<void>
  cancel(id: number): void
}

/** @param find a tool by its key, or throws with the reason why there is none */
export function createCalls(find: (key: string) => DefinedTool): Calls {
  const aborts = new Map<number, AbortController>()
  return {
    async run(call) {
      const { id } = call
      const abort = new AbortController()
      aborts.set(id, abort)
      const result = await duringCall(id, () => execute(call, abort.signal))
      aborts.delete(id)
      say({ type: 'result', id, result })
    },
    cancel(id) {
      // What listens to the signal runs for its call.
      withinCall(id, () => aborts.get(id)?.abort(new Error('Nobody waits for this call any more.')))
      say({ type: 'cancelled', id })
    },
  }

  async function execute(call: CallMessage, signal: AbortSignal): Promise<ToolResult> {
    try {
      return await executeTool(find(call.key), call.arguments, { ...call.context, signal })
    } catch (error) {
      return toolFailed(messageOf(error))
    }
  }
}
