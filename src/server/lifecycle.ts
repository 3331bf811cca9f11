import { assertWell, type Health } from '../db/health.ts'
import { troubleError } from '../db/trouble.ts'
import { AppError } from '../errors.ts'
import type { Runs } from '../runs/runs.ts'

/** Where a server is between its start and its end, and what it takes meanwhile. */
export interface Lifecycle {
  /** It has begun to work. */
  opened(): void
  /** It has begun to end. */
  closing(): void
  readonly isAccepting: () => boolean
  /** @throws AppError while the server takes no work */
  readonly assertReady: () => void
  /** The same kickoff, refused while the database is not well: what could not be recorded later on is not begun. */
  guarded(kickoff: Runs['kickoff']): Runs['kickoff']
}

export function createLifecycle(health: Health): Lifecycle {
  let isReady = false
  let isClosing = false
  return {
    opened() {
      isReady = true
    },
    closing() {
      isReady = false
      isClosing = true
    },
    isAccepting: () => !isClosing,
    assertReady() {
      const reason = isReady ? troubleReason(health) : 'The server is starting or shutting down.'
      if (reason !== null) throw new AppError('not_ready', { reason })
    },
    guarded: (kickoff) => async (request) => {
      assertWell(health)
      return kickoff(request)
    },
  }
}

function troubleReason(health: Health): string | null {
  const trouble = health.trouble()
  return trouble && troubleError(trouble).message
}
