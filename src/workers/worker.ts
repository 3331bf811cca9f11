import type { CallContext, ToolResult } from '../tools/tool.ts'
import type { Loading, Reference, Work } from './protocol.ts'

/**
 * A process that holds the code of one crew, from its start to its end. Whatever happens there ends it at most; nothing
 * is started anew here.
 */
export interface Worker {
  /** One at a time. Never rejects. */
  load(references: readonly Reference[]): Promise<Loading | LoadBroken>
  /** @throws the signal's reason, as soon as it is aborted */
  call(call: WorkerCall): Promise<CallOutcome>
  /** Ends it, with whatever is in flight there. Resolves when the process is gone. */
  stop(): Promise<void>
}

/** The worker ended while it loaded. */
export interface LoadBroken {
  /** Whose code it was; null: of none of them. */
  readonly key: string | null
  readonly reason: string
}

export interface WorkerCall {
  /** Key of what was loaded. */
  readonly key: string
  readonly do: Work
  /** JSON text; of a tool as the model wrote it. */
  readonly arguments: string
  readonly context: CallContext
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export type CallOutcome =
  | { readonly type: 'result'; readonly result: ToolResult }
  /** What it calls could not be loaded there, because of others. */
  | { readonly type: 'not_begun'; readonly reason: string }
  /** The call ended its worker, or spoilt it. */
  | { readonly type: 'guilty'; readonly reason: string }
  /** The worker ended while the call was under way; as a suspect it may have been the cause. */
  | { readonly type: 'cut_off'; readonly reason: string; readonly isSuspect: boolean }

/** Why a worker should be given no more calls; those in flight may end there. */
export interface Spoiling {
  /** `blocks`: nothing else runs there for a while. `worn`: its memory gets short, or calls do not end there. */
  readonly type: 'threw' | 'ended' | 'blocks' | 'worn'
  readonly reason: string
  /** Whose call did it; null: nobody's, or it cannot be told. */
  readonly origin: Origin | null
}

/** What a call was for. */
export interface Origin {
  /** Key of the tool, or of what else was called. */
  readonly tool: string
  readonly runId: string
}

/** Starts a worker, which may be talked to at once. `onSpoilt` is told of it as often as there is a reason. */
export type StartWorker = (onSpoilt: (spoiling: Spoiling) => void) => Worker
