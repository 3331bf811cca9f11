import type { PythonCode } from '../../src/load/values/python-tools.ts'

/** A Python that loads so, and has no processes. */
export function pythonThat(load: PythonCode['load']): PythonCode {
  return { load, codeHash: () => '', retire: async () => {}, stop: async () => {} }
}
