import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { OnCrash, Tool } from '../../src/tools/tool.ts'
import type { CrewCode } from '../../src/workers/crew-code.ts'
import { nodeCrewCode, type WorkerOptions } from '../../src/workers/node/node-crew-code.ts'
import { callOf } from '../harness/call-of.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'

interface CallParts {
  readonly runId?: string
  readonly ms?: number
  readonly onCrash?: OnCrash
  readonly signal?: AbortSignal
}

export interface OpenedLab extends AsyncDisposable {
  readonly code: CrewCode
  readonly tool: Tool
  /** Calls the lab, for the run `run-1` unless a test says otherwise. The idempotency key is `<run>/<how>`. */
  call(how: string, parts?: CallParts): Promise<Awaited<ReturnType<Tool['call']>>>
  /** Idempotency keys of the calls that have begun, in their order. */
  ledger(): readonly string[]
  readonly logged: readonly Readonly<Record<string, unknown>>[]
}

/** The laboratory as a crew's code, loaded. */
export async function openLab(options: WorkerOptions = {}): Promise<OpenedLab> {
  const directory = temporaryDirectory()
  const ledger = join(directory.path, 'ledger')
  writeFileSync(ledger, '')
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'debug' }, { write: (line) => logged.push(JSON.parse(line)) })
  const code = nodeCrewCode(realpathSync('test/fixtures/crews/lab'), { log, ...options })
  const [loaded] = await code.load([{ key: 'tools/lab.ts' }])
  if (loaded === undefined || 'error' in loaded) throw new Error('the laboratory is broken')
  const tool = loaded.value as Tool
  return {
    code,
    tool,
    logged,
    call(how, { runId = 'run-1', ms = 200, onCrash = 'retry', signal } = {}) {
      const context = { runId, idempotencyKey: `${runId}/${how}` }
      const parts = signal === undefined ? { context } : { context, signal }
      return callOf(code.bind({ ...tool, onCrash }), { how, ms, ledger }, parts)
    },
    ledger: () => readFileSync(ledger, 'utf8').split('\n').slice(0, -1),
    async [Symbol.asyncDispose]() {
      await code.stop()
      directory[Symbol.dispose]()
    },
  }
}
