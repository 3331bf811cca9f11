import type { Logger } from 'pino'
import { type CrewCode, createCrewCode } from '../crew-code.ts'
import { processWorker } from '../process/process-worker.ts'
import { nodeProcess } from './node-process.ts'

export interface WorkerOptions {
  /** What one process of a crew's code may hold in memory. Default {@link DEFAULT_MEMORY_MB}. */
  readonly memoryMb?: number
  /** How long a process is kept without a call. Default {@link DEFAULT_IDLE_MS}. */
  readonly idleMs?: number
  /** Takes what the code prints, too; null: that goes to standard error. */
  readonly log?: Logger | null
}

export const DEFAULT_MEMORY_MB = 512
export const DEFAULT_IDLE_MS = 60_000

/**
 * The TypeScript of a crew.
 *
 * @param dir its folder, as a real path
 */
export function nodeCrewCode(dir: string, options: WorkerOptions): CrewCode {
  const { memoryMb = DEFAULT_MEMORY_MB, idleMs = DEFAULT_IDLE_MS, log = null } = options
  const start = nodeProcess({ dir, memoryMb, log })
  return createCrewCode({
    start: (onSpoilt) => processWorker(start, onSpoilt),
    idleMs,
    log,
  })
}
