import type { PythonCode } from '../../src/load/values/python-tools.ts'

/** A Python that loads so, and has no processes. */
export function pythonThat(load: PythonCode['load']): PythonCode {
  const end = async () => {}
  return { load, bindLater: async () => null, codeHash: () => '', retire: end, stop: end }
}
