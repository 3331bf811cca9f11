import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { pythonCrewCode } from '../../../src/workers/python/python-crew-code.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { LAB, LAB_DIR } from './python-lab.ts'

test('without an interpreter the places are named that were looked at', async () => {
  using directory = temporaryDirectory()
  vi.stubEnv('PATH', directory.path)
  vi.stubEnv('VIRTUAL_ENV', '')
  const code = pythonCrewCode(directory.path, {})
  const [loaded] = await code.load([LAB])
  vi.unstubAllEnvs()

  expect(loaded).toMatchObject({
    error: `its process could not be started: there is no Python for this crew. Looked for: COXSWAIN_PYTHON (not set), .venv/bin/python (there is no ${directory.path}/.venv/bin/python), VIRTUAL_ENV (not set), uv python find (uv is not installed), python3 (no python3 in PATH). Make its environment (uv sync, or python3 -m venv .venv), or set COXSWAIN_PYTHON to the path of Python 3.10 or newer`,
  })
})

test('an interpreter that is set is the only one that is looked for', async () => {
  const code = pythonCrewCode(LAB_DIR, { interpreter: '/nowhere/python' })

  const [loaded] = await code.load([LAB])

  expect(loaded).toMatchObject({
    error: expect.stringContaining(
      'Looked for: COXSWAIN_PYTHON (there is no /nowhere/python). Make',
    ),
  })
})

test('the environment of a project comes before that of the machine, unless it is broken', async () => {
  using directory = temporaryDirectory()
  const bin = join(directory.path, '.venv/bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync('/nowhere/python3', join(bin, 'python'))
  vi.stubEnv('PATH', directory.path)
  vi.stubEnv('VIRTUAL_ENV', '')
  const errorOf = async () => {
    const [loaded] = await pythonCrewCode(directory.path, {}).load([LAB])
    return loaded !== undefined && 'error' in loaded ? loaded.error : ''
  }

  expect(await errorOf()).toContain('.venv/bin/python leads nowhere)')
  writeFileSync(join(directory.path, 'python3'), '#!/bin/sh\nexit 7\n')
  chmodSync(join(directory.path, 'python3'), 0o755)
  expect(await errorOf()).toBe(
    `its process ended (exit code 7); ${directory.path}/python3 must be Python 3.10 or newer`,
  )
  vi.unstubAllEnvs()
})
