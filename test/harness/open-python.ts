import { pino } from 'pino'
import type { Tool } from '../../src/tools/tool.ts'
import {
  type PythonCrewCode,
  type PythonOptions,
  pythonCrewCode,
} from '../../src/workers/python/python-crew-code.ts'
import type { PythonReference } from '../../src/workers/python/reference.ts'

export interface OpenedPython extends AsyncDisposable {
  readonly code: PythonCrewCode
  readonly logged: readonly Readonly<Record<string, unknown>>[]
  /** The value of a reference. @throws Error with what is wrong */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it loads
  value(reference: PythonReference): Promise<any>
  tool(reference: PythonReference): Promise<Tool>
}

/** The Python of a project. */
export function openPython(dir: string, options: PythonOptions): OpenedPython {
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'debug' }, { write: (line) => logged.push(JSON.parse(line)) })
  const code = pythonCrewCode(dir, { log, ...options })
  async function value(reference: PythonReference) {
    const [loaded] = await code.load([reference])
    if (loaded === undefined || 'error' in loaded) throw new Error(loaded?.error)
    return loaded.value
  }
  return {
    code,
    logged,
    value,
    tool: async (reference) => (await value(reference)) as Tool,
    [Symbol.asyncDispose]: () => code.stop(),
  }
}
