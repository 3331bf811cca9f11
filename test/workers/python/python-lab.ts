import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import type { PythonReference } from '../../../src/workers/python/reference.ts'

/** The folder of the laboratory in Python. */
export const LAB_DIR = realpathSync('test/fixtures/python/lab')

/** What an import of the project's stands for. */
export function referenceTo(module: string, name: string, expr = `${name}()`): PythonReference {
  return {
    key: `python:${module}:${expr}`,
    expr,
    names: { [name]: { import: `${module}:${name}` } },
    at: 'crew.py:1',
  }
}

export const LAB = referenceTo('tools.lab', 'LabTool')

/** A Python that the tests can run with; null: this machine has none. */
export const PYTHON = pythonWith()

/** One that has these packages, too. `COXSWAIN_TEST_PYTHON` names one to be asked first. */
export function pythonWith(...packages: readonly string[]): string | null {
  const program = `import importlib.util, sys
is_fit = sys.version_info >= (3, 10) and all(map(importlib.util.find_spec, ${JSON.stringify(packages)}))
print(sys.executable if is_fit else "")`
  for (const name of [process.env['COXSWAIN_TEST_PYTHON'] ?? 'python3', 'python3'])
    try {
      const found = execFileSync(name, ['-c', program], { encoding: 'utf8', stdio: 'pipe' }).trim()
      if (found !== '') return found
    } catch {
      // Another one may be right.
    }
  return null
}
