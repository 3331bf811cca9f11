import type { Logger } from 'pino'
import type { Tool, ToolData } from '../tools/tool.ts'
import { createCaller } from './call-until-known.ts'
import { loadAll } from './load-all.ts'
import { createOffenders } from './offenders.ts'
import type { Loaded, Reference } from './protocol.ts'
import { decodeValue } from './values.ts'
import type { StartWorker } from './worker.ts'
import { createWorkerPool } from './worker-pool.ts'

/** What a crew brings as code. It runs in processes of its own, and ends those at most. */
export interface CrewCode {
  /**
   * Runs what the references hold, one after the other. Tools in what they export can be called; what JSON cannot hold
   * is there by its type only.
   */
  load(references: readonly Reference[]): Promise<readonly LoadedCode[]>
  /** Over everything of the crew's own that was loaded, wherever the crew lies. Empty: nothing was. */
  codeHash(): string
  /** Joins what is known of a tool with the way to call it. Its code may be gone by then, which the call says. */
  bind(tool: ToolData): Tool
  /** Ends its processes. */
  stop(): Promise<void>
}

/** In the order of the references. */
export type LoadedCode =
  | { readonly key: string; readonly value: unknown }
  | { readonly key: string; readonly error: string }

interface CrewCodeOptions {
  readonly start: StartWorker
  /** How long a process is kept without a call. */
  readonly idleMs: number
  readonly log: Logger | null
}

export function createCrewCode({ start, idleMs, log }: CrewCodeOptions): CrewCode {
  const offenders = createOffenders()
  const tools = new Map<string, Tool>()
  let codeHash = ''
  const pool = createWorkerPool({
    start,
    idleMs,
    onSpoilt(spoiling) {
      offenders.note(spoiling)
      const { type, reason, origin } = spoiling
      // What is stopped in good order has neither an origin nor anything to tell.
      if (origin !== null || type !== 'ended')
        log?.warn({ ...origin, type, reason }, 'a process with the code of a crew is replaced')
    },
    onBegun(loading) {
      if (codeHash === '' || loading.codeHash === codeHash) return
      log?.warn('the code of a crew has changed since it was loaded; its tools run as it is now')
    },
  })
  const call = createCaller(pool, offenders)

  /** The same tool is the same object, wherever it is used. */
  function bindOnce(data: ToolData): Tool {
    const tool = tools.get(data.key) ?? bind(data)
    tools.set(data.key, tool)
    return tool
  }

  function bind(data: ToolData): Tool {
    return { ...data, call: (request) => call(data, request) }
  }

  function decode(one: Loaded): LoadedCode {
    if ('error' in one) return one
    const own = new Map(one.tools.map((data) => [data.key, bindOnce(data)]))
    return { key: one.key, value: decodeValue(one.value, (key) => own.get(key)) }
  }

  return {
    async load(references) {
      if (references.length === 0) return []
      const loading = await loadAll(pool, references)
      codeHash = loading.codeHash
      return loading.loaded.map(decode)
    },
    codeHash: () => codeHash,
    bind,
    stop: pool.stop,
  }
}
