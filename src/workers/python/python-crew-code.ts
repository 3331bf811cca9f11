import type { Logger } from 'pino'
import { withoutSecrets } from '../../crew/variables.ts'
import type { JsonSchema } from '../../llm/model.ts'
import type {
  CallContext,
  OnCrash,
  Tool,
  ToolData,
  ToolResult,
  UnknownOutcome,
} from '../../tools/tool.ts'
import type { Callable } from '../call-until-known.ts'
import { type CrewCode, createCrewCode, type LoadedCode } from '../crew-code.ts'
import { processWorker } from '../process/process-worker.ts'
import type { Interpreter, Printed } from '../protocol.ts'
import { createRespite } from '../respite.ts'
import { decodeValue } from '../values.ts'
import type { Origin } from '../worker.ts'
import { readDotEnv } from './environment.ts'
import { hashSources } from './hash-sources.ts'
import { type FoundInterpreter, findInterpreter } from './interpreter.ts'
import { type PythonMode, pythonProcess } from './python-process.ts'
import type { PythonReference } from './reference.ts'
import {
  type PythonFunction,
  type PythonLlm,
  type PythonModel,
  pythonValue,
  type SentValue,
} from './values.ts'

export interface PythonOptions {
  /** Path or name of the interpreter; null: that of the project. */
  readonly interpreter?: string | null
  readonly mode?: PythonMode
  /** Variables of the server's that the project may have beside its own. */
  readonly variables?: readonly string[]
  /** Of tools that do not say it themselves. Default `retry`. */
  readonly onCrash?: OnCrash
  /** The same. Default {@link DEFAULT_TIMEOUT_MS}. */
  readonly timeoutMs?: number
  /** What holds for single tools, whatever they say themselves; by name. */
  readonly tools?: Readonly<Record<string, ToolSettings>>
  /** How many synchronous calls run at a time. Default {@link DEFAULT_THREADS}. */
  readonly threads?: number
  /** What one process may hold in memory. Default {@link DEFAULT_PYTHON_MEMORY_MB}. */
  readonly memoryMb?: number
  /** How long a process is kept without a call. Default {@link DEFAULT_PYTHON_IDLE_MS}. */
  readonly idleMs?: number
  /** Takes what the code prints, too; null: that goes to standard error. */
  readonly log?: Logger | null
  /** Told every line that the code prints, with the call that it was for. */
  readonly onPrinted?: (printed: Printed, origin: Origin | null) => void
}

interface ToolSettings {
  readonly onCrash?: OnCrash | undefined
  readonly timeoutMs?: number | undefined
}

/** CrewAI alone takes 180 MB. */
export const DEFAULT_PYTHON_MEMORY_MB = 1024
/** CrewAI takes seconds to be imported. */
export const DEFAULT_PYTHON_IDLE_MS = 300_000
const DEFAULT_TIMEOUT_MS = 60_000
const DEFAULT_THREADS = 16
/** Of one reference, with CrewAI and what else it imports, from a disk that is cold. */
const LOAD_TIMEOUT_MS = 120_000
/** Processes that may hold CrewAI each. */
const MAX_ALONE = 2

/** The Python of a crew. Tools, functions, models of data and language models stay in its process. */
export interface PythonCrewCode extends CrewCode {
  load(references: readonly PythonReference[]): Promise<readonly LoadedCode[]>
  /**
   * Tools of which the files tell all, each loaded at its first call. Null: there is no Python for them, which loading
   * them says.
   */
  bindLater(tools: readonly ToldTool[]): Promise<readonly Tool[] | null>
  /** Calls a guardrail, a callback, a hook, a condition. */
  apply(call: FunctionCall): Promise<Outcome<unknown>>
  /** Checks a value, and gives it as the model has it. */
  validate(call: ModelCheck): Promise<Outcome<Validation>>
  /** Lets a language model of the crew's own answer: a text, or what it wants called. */
  complete(call: Completion): Promise<Outcome<unknown>>
  /** What the code runs in; null: nothing was started so far. */
  interpreter(): Interpreter | null
}

interface CallRules {
  readonly context: CallContext
  readonly signal: AbortSignal
  readonly timeoutMs?: number
  readonly onCrash?: OnCrash
}

interface FunctionCall extends CallRules {
  readonly function: PythonFunction
  readonly values: readonly SentValue[]
}

interface ModelCheck extends CallRules {
  readonly model: PythonModel
  readonly value: unknown
}

interface Completion extends CallRules {
  readonly llm: PythonLlm
  /** In the form of OpenAI's API. */
  readonly messages: readonly unknown[]
  readonly tools: readonly unknown[]
}

type Validation =
  | { readonly valid: unknown }
  | {
      readonly invalid: readonly {
        readonly at: readonly (string | number)[]
        readonly message: string
      }[]
    }

type Outcome<Value> =
  | { readonly value: Value }
  /** What went wrong there, with its place. */
  | { readonly error: string }
  | UnknownOutcome

/** What the files of a project say of a tool. */
export interface ToldTool {
  readonly reference: PythonReference
  readonly name: string
  readonly description: string
  /** Of its parameters. */
  readonly schema: JsonSchema
}

/** @param dir the project's folder, as a real path */
export function pythonCrewCode(dir: string, options: PythonOptions = {}): PythonCrewCode {
  const { log = null, tools = {}, onCrash = 'retry', timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const known: PythonReference[] = []
  let found: FoundInterpreter = { error: '' }
  let interpreter: Interpreter | null = null
  let sourcesHash: string | null = null

  const start = pythonProcess({
    dir,
    log,
    onCrash,
    timeoutMs,
    mode: options.mode ?? 'auto',
    variables: options.variables ?? [],
    memoryMb: options.memoryMb ?? DEFAULT_PYTHON_MEMORY_MB,
    threads: options.threads ?? DEFAULT_THREADS,
    interpreter: () => found,
    known: () => known,
    onHello(said) {
      interpreter = said
    },
  })
  const note = (printed: Printed, origin: Origin | null) => {
    const { line: output, stream } = printed
    log?.debug({ output, stream, ...origin }, 'a crew printed')
    options.onPrinted?.(printed, origin)
  }
  const code = createCrewCode({
    start: (onSpoilt) =>
      processWorker(start, onSpoilt, { loadTimeoutMs: LOAD_TIMEOUT_MS, onPrinted: note }),
    idleMs: options.idleMs ?? DEFAULT_PYTHON_IDLE_MS,
    log,
    maxAlone: MAX_ALONE,
    respite: createRespite((reason, pauseMs) =>
      log?.error({ reason, pauseMs }, 'the Python of a crew ends again and again; its calls wait'),
    ),
    held: pythonValue,
    shown: (reason) => withoutSecrets(reason, readDotEnv(dir)),
    adjust: (tool) => ({ ...tool, ...settingsOf(tools, tool.name) }),
    prepare,
  })

  async function prepare(): Promise<void> {
    if ('error' in found) found = await findInterpreter(dir, options.interpreter ?? null)
  }

  async function make(work: Pick<Callable, 'key' | 'do'>, rules: CallRules, given: unknown) {
    const { context, signal } = rules
    const callable = { timeoutMs, onCrash, ...pick(rules), ...work }
    return read(await code.call(callable, { context, signal, arguments: JSON.stringify(given) }))
  }

  return {
    ...code,
    load(references) {
      known.push(...references)
      return code.load(references)
    },
    async bindLater(told) {
      await prepare()
      if ('error' in found) return null
      const references = told.map(({ reference }) => reference)
      known.push(...references)
      code.register(references)
      sourcesHash ??= hashSources(dir)
      return told.map((one) => code.bind(toToolData(one, { timeoutMs, onCrash })))
    },
    // What is loaded at its first call may import anything of the project.
    codeHash: () => sourcesHash ?? code.codeHash(),
    apply: (call) => make({ key: call.function.key, do: 'apply' }, call, call.values),
    async validate(call) {
      const outcome = await make({ key: call.model.key, do: 'validate' }, call, call.value)
      return outcome as Outcome<Validation>
    },
    complete: (call) => make({ key: call.llm.key, do: 'complete' }, call, pickRequest(call)),
    interpreter: () => interpreter,
  }
}

function toToolData(
  { reference: { key }, name, description, schema }: ToldTool,
  rules: Pick<ToolData, 'timeoutMs' | 'onCrash'>,
): ToolData {
  return { key, name, description, parameters: { schema }, resultAsAnswer: false, ...rules }
}

function pickRequest({ messages, tools }: Completion) {
  return { messages, tools }
}

function settingsOf(
  tools: Readonly<Record<string, ToolSettings>>,
  name: string,
): Partial<Callable> {
  return Object.hasOwn(tools, name) ? pick(tools[name] ?? {}) : {}
}

/** What is said of a call. */
function pick({ timeoutMs, onCrash }: ToolSettings): Partial<Callable> {
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(onCrash !== undefined && { onCrash }),
  }
}

function read(outcome: ToolResult | UnknownOutcome): Outcome<unknown> {
  if ('unknown' in outcome) return outcome
  if (outcome.failed) return { error: outcome.text }
  return { value: decodeValue(JSON.parse(outcome.text), () => undefined) }
}
