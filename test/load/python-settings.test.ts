import { expect, test } from 'vitest'
import { loadCrew } from '../../src/load/load-crew.ts'
import type { PythonOptions } from '../../src/workers/python/python-crew-code.ts'
import { problemsOf, temporaryCrews, yamlCrew } from '../harness/temporary-crews.ts'

test('what a crew says of its Python is given to what runs it', async () => {
  const files = yamlCrew({
    'crew.yaml': 'python: { mode: light, timeout_seconds: 5 }',
  })
  using crews = temporaryCrews(files)
  const given: PythonOptions[] = []

  const { crew } = await loadCrew(`${crews.path}/crew`, {
    python(_, settings) {
      given.push(settings)
      return null
    },
  })

  expect(crew).not.toBeNull()
  expect(given).toEqual([{ mode: 'light', timeoutMs: 5_000 }])
})

test('a setting of Python that is wrong is reported at its place', async () => {
  const problems = await problemsOf(yamlCrew({ 'crew.yaml': 'python:\n  mode: fast\n  thread: 1' }))

  expect(problems).toEqual([
    'error: crew/crew.yaml: python.mode: must be one of auto, light, real',
    'error: crew/crew.yaml: python: knows no thread; it knows interpreter, mode, env, on_crash, timeout_seconds, memory_mb, idle_seconds, threads, tools',
  ])
})
