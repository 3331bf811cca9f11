import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve as resolvePath } from 'node:path'
import { promisify } from 'node:util'

/** The CrewAI that the fixtures are compared with. */
export const CREWAI = '1.15.30'

/** The schemas were recorded with this one; the next may write them otherwise. */
const PYDANTIC = '2.12.5'

/** For some 500 MB of packages. */
const INSTALL_TIMEOUT_MS = 15 * 60 * 1000

/** CrewAI asks for these. */
const OLDEST: readonly [number, number] = [3, 10]
const NEWEST: readonly [number, number] = [3, 13]

const SCRIPTS = join(import.meta.dirname, 'python')
const run = promisify(execFile)

export interface Python {
  readonly version: readonly [number, number]
  /** The lines that a script beside this file prints, and pydantic's recorder by its path. */
  run(script: string, args: readonly string[], input?: string): Promise<readonly string[]>
}

/** A Python that is new enough for CrewAI; null: this machine has none. */
export async function findPython(): Promise<({ readonly path: string } & Python) | null> {
  const names = [
    process.env['COMPARE_PYTHON'],
    'python3',
    'python3.13',
    'python3.12',
    'python3.11',
    'python3.10',
    'python',
  ]
  for (const name of names) {
    const version = name === undefined ? null : await versionOf(name)
    if (name !== undefined && version !== null && isBetween(version))
      return { path: name, version, run: runner(name) }
  }
  return null
}

/**
 * The Python of an environment that has CrewAI: `COMPARE_PYTHON` when it has, else one made for it under the user's
 * cache. Rejects with what pip says when it cannot be made.
 */
export async function withCrewai(
  python: { readonly path: string } & Python,
  write: (line: string) => void,
): Promise<Python> {
  if (await hasCrewai(python.path)) return python
  const folder = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'coxswain',
    `crewai-${CREWAI}`,
  )
  const path = join(folder, 'bin', 'python')
  if (!(existsSync(path) && (await hasCrewai(path)))) {
    write(`installing CrewAI ${CREWAI} into ${folder}`)
    mkdirSync(folder, { recursive: true })
    await run(python.path, ['-m', 'venv', '--clear', folder])
    await run(
      path,
      [
        ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries=2'],
        `crewai==${CREWAI}`,
        `pydantic==${PYDANTIC}`,
      ],
      { maxBuffer: 64 * 1024 * 1024, timeout: INSTALL_TIMEOUT_MS },
    )
  }
  return { version: (await versionOf(path)) ?? python.version, run: runner(path) }
}

async function versionOf(path: string): Promise<readonly [number, number] | null> {
  try {
    const { stdout } = await run(path, ['-c', 'import sys; print(*sys.version_info[:2])'])
    const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number)
    return [major, minor]
  } catch {
    return null
  }
}

function isBetween([major, minor]: readonly [number, number]): boolean {
  return major === OLDEST[0] && minor >= OLDEST[1] && minor <= NEWEST[1]
}

async function hasCrewai(path: string): Promise<boolean> {
  try {
    const { stdout } = await run(path, [
      '-c',
      'import importlib.metadata as m; print(m.version("crewai"))',
    ])
    return stdout.trim().startsWith(CREWAI.split('.').slice(0, 2).join('.'))
  } catch {
    return false
  }
}

function runner(path: string): Python['run'] {
  return (script, args, input = '') =>
    new Promise((resolve, reject) => {
      const child = spawn(path, [resolvePath(SCRIPTS, script), ...args], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
      })
      const out: Buffer[] = []
      const errors: Buffer[] = []
      child.stdout.on('data', (data: Buffer) => out.push(data))
      child.stderr.on('data', (data: Buffer) => errors.push(data))
      child.on('error', reject)
      child.on('close', (code) => {
        if (code === 0) resolve(Buffer.concat(out).toString().split('\n').filter(Boolean))
        else reject(new Error(`${script} ended with ${code}: ${Buffer.concat(errors).toString()}`))
      })
      child.stdin.end(input)
    })
}
