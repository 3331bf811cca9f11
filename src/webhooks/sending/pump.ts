import { steadyNow } from '../clock.ts'

/** Looks when it is woken and when the time has come, one look after the other. */
export interface Pump {
  start(): void
  /** Says that there is something to be seen. Does nothing unless started. */
  wake(): void
  /** Resolves when the last look is over. It stays stopped. */
  stop(): Promise<void>
}

interface PumpOptions {
  /** Resolves to when to look again at the latest, in ms since the epoch; null: when woken. */
  readonly look: () => Promise<number | null>
  readonly onError: (error: unknown) => void
}

const ERROR_RETRY_MS = 1000
/** Timers of Node end at 24 days, and what is due may be told by no one. */
const MAX_SLEEP_MS = 3_600_000

export function createPump({ look, onError }: PumpOptions): Pump {
  let isRunning = false
  let isWoken = false
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  function wake(): void {
    if (!isRunning) return
    isWoken = true
    looking ??= lookWhileWoken()
  }

  async function lookWhileWoken(): Promise<void> {
    while (isWoken && isRunning) {
      isWoken = false
      const at = await look().catch((error: unknown) => {
        onError(error)
        return steadyNow() + ERROR_RETRY_MS
      })
      clearTimeout(timer)
      const sleepMs = at === null ? MAX_SLEEP_MS : Math.max(0, at - steadyNow())
      if (isRunning) timer = setTimeout(wake, Math.min(sleepMs, MAX_SLEEP_MS))
    }
    looking = null
  }

  return {
    start() {
      isRunning = true
      wake()
    },
    wake,
    async stop() {
      isRunning = false
      clearTimeout(timer)
      await looking
    },
  }
}
