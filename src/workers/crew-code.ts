import type { Logger } from 'pino'
import type { Tool, ToolData } from '../tools/tool.ts'
import { type CallWorker, createCaller } from './call-until-known.ts'
import { loadAll } from './load-all.ts'
import { createOffenders } from './offenders.ts'
import type { Loaded, Loading, MissingPackage, Reference } from './protocol.ts'
import type { Respite } from './respite.ts'
import { decodeValue } from './values.ts'
import type { StartWorker } from './worker.ts'
import { createWorkerPool, type WorkerPoolOptions } from './worker-pool.ts'

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
  /** Ends its processes, once the calls that are in flight have ended. Resolves then. */
  retire(): Promise<void>
  /** Ends its processes. */
  stop(): Promise<void>
}

/** In the order of the references. */
export type LoadedCode =
  | { readonly key: string; readonly value: unknown }
  | { readonly key: string; readonly error: string; readonly missing?: MissingPackage | undefined }

/** Code that can do more than tools. */
export interface ExtendedCrewCode extends CrewCode {
  /** Makes references known whose tools were bound without loading them. Each is loaded at the first call of it. */
  register(references: readonly Reference[]): void
  readonly call: CallWorker
}

interface CrewCodeOptions
  extends Pick<WorkerPoolOptions, 'idleMs'>,
    Partial<Pick<WorkerPoolOptions, 'maxAlone'>> {
  readonly start: StartWorker
  readonly log: Logger | null
  /** Comes before a process is started. Never rejects. */
  readonly prepare?: () => Promise<void>
  /** A tool as the crew's settings have it. */
  readonly adjust?: (tool: ToolData) => ToolData
  /** What stands for a value that stays in its process; absent: there is none such. */
  readonly held?: (data: unknown) => unknown
  readonly respite?: Respite
  /** A reason as it may be logged: code quotes what it likes. */
  readonly shown?: (reason: string) => string
}

export function createCrewCode(options: CrewCodeOptions): ExtendedCrewCode {
  const { log, prepare = async () => {}, adjust = (tool) => tool, held } = options
  const { shown = (reason) => reason } = options
  const offenders = createOffenders()
  const tools = new Map<string, Tool>()
  const bound = new Map<string, ToolData>()
  let codeHash = ''
  const tellBroken = ({ key, error }: { readonly key: string; readonly error: string }) =>
    log?.warn({ key, reason: shown(error) }, 'a value of a crew cannot be loaded; calls of it fail')
  const pool = createWorkerPool({
    ...options,
    onSpoilt(spoiling) {
      offenders.note(spoiling)
      const { type, reason, origin } = spoiling
      // What is stopped in good order has neither an origin nor anything to tell.
      if (origin !== null || type !== 'ended')
        log?.warn(
          { ...origin, type, reason: shown(reason) },
          'a process with the code of a crew is replaced',
        )
    },
    onBegun(loading) {
      if (codeHash === '' || loading.codeHash === codeHash) return
      log?.warn('the code of a crew has changed since it was loaded; its tools run as it is now')
    },
    onBroken: (reason) =>
      log?.warn({ reason: shown(reason) }, 'the code of a crew cannot be loaded; calls of it fail'),
    onLoadedLater({ loaded }) {
      for (const one of loaded)
        if ('error' in one) tellBroken(one)
        else compare(one.tools, bound, log)
    },
  })
  const callPool = createCaller(pool, offenders)
  const inFlight = new Set<ReturnType<CallWorker>>()
  const call: CallWorker = (callable, request) => {
    const calling = prepare().then(() => callPool(callable, request))
    inFlight.add(calling)
    const drop = () => inFlight.delete(calling)
    calling.then(drop, drop)
    return calling
  }

  /** The same tool is the same object, wherever it is used. */
  function bindOnce(data: ToolData): Tool {
    const tool = tools.get(data.key) ?? bind(data)
    tools.set(data.key, tool)
    return tool
  }

  function bind(data: ToolData): Tool {
    const adjusted = adjust(data)
    return { ...adjusted, call: (request) => call({ ...adjusted, do: 'tool' }, request) }
  }

  function decode(one: Loaded): LoadedCode {
    if ('error' in one) return one
    const own = new Map(one.tools.map((data) => [data.key, bindOnce(data)]))
    return { key: one.key, value: decodeValue(one.value, (key) => own.get(key), held) }
  }

  return {
    async load(references) {
      if (references.length === 0) return []
      await prepare()
      const loading: Loading = await loadAll(pool, references)
      codeHash = loading.codeHash
      return loading.loaded.map(decode)
    },
    codeHash: () => codeHash,
    bind(tool) {
      bound.set(tool.key, tool)
      return bind(tool)
    },
    register: pool.register,
    call,
    async retire() {
      await Promise.allSettled(inFlight)
      await pool.stop()
    },
    stop: pool.stop,
  }
}

/**
 * Warns when a tool that was bound before it was loaded turns out to be another one.
 *
 * @param bound is compared once
 */
function compare(
  tools: readonly ToolData[],
  bound: Map<string, ToolData>,
  log: Logger | null,
): void {
  for (const found of tools) {
    const known = bound.get(found.key)
    const differs = known === undefined ? [] : differences(known, found)
    bound.delete(found.key)
    if (differs.length > 0)
      log?.warn({ tool: found.key, differs }, 'a tool is not what its file seems to say')
  }
}

/** What a model would be told otherwise. */
function differences(known: ToolData, found: ToolData): readonly string[] {
  const texts = ({ name, description, parameters, resultAsAnswer }: ToolData) =>
    Object.entries({ name, description, parameters: parameters.schema, resultAsAnswer }).map(
      ([field, value]) => [field, JSON.stringify(value)] as const,
    )
  const now = new Map(texts(found))
  return texts(known).flatMap(([field, text]) => (now.get(field) === text ? [] : [field]))
}
