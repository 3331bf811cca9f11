/** Drives one run until it ends, waits for a person, or is interrupted. */
export type Execute = (runId: string, signals: DispatchSignals) => Promise<void>

interface DispatchSignals {
  /** Aborted when the process shuts down: begin nothing new. */
  readonly drain: AbortSignal
  /** Aborted when the grace is over: give up what is in flight. */
  readonly giveUp: AbortSignal
}

/** Decides which process drives which run, and nothing else. */
export interface Dispatch {
  /** Says that a run may have work. Harmless when it has none, or is being driven already. */
  wake(runId: string): void
  /** As `wake`, after a while: the newest one for a run counts. It may be too early, when the while is of weeks. */
  wakeLater(runId: string, delayMs: number): void
  /** Says that a run has no work any more, so that it is neither counted as queued nor woken later. */
  forget(runId: string): void
  /** Runs that are woken and not yet driven. */
  queued(): number
  start(execute: Execute): void
  /** Drives nothing new, and resolves when nothing is driven any more: at the latest soon after `graceMs`. */
  stop(graceMs: number): Promise<void>
}
