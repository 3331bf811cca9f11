import { execFile } from 'node:child_process'
import { access, constants, lstat } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { serverVariable } from './environment.ts'

/** What uv may take to say where its Python is. */
const UV_TIMEOUT_MS = 5_000

const BIN = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'

export type FoundInterpreter =
  | { readonly path: string }
  /** Names the places that were looked at. */
  | { readonly error: string }

/** Somewhere an interpreter may be. */
interface Place {
  readonly name: string
  /** Its path; else why there is none. */
  find(): Promise<{ readonly path: string } | { readonly why: string }>
}

/**
 * The interpreter of a project: the one that is set, else that of its environment, else what the machine has.
 *
 * @param setting `COXSWAIN_PYTHON`, or the crew's own; null: none is set
 */
export async function findInterpreter(
  dir: string,
  setting: string | null,
): Promise<FoundInterpreter> {
  const looked: string[] = []
  for (const { name, find } of placesOf(dir, setting)) {
    const found = await find()
    if ('path' in found) return found
    looked.push(`${name} (${found.why})`)
    // What is set is meant.
    if (setting !== null) break
  }
  return {
    error: `there is no Python for this crew. Looked for: ${looked.join(', ')}. Make its environment (uv sync, or python3 -m venv .venv), or set COXSWAIN_PYTHON to the path of Python 3.10 or newer`,
  }
}

function placesOf(dir: string, setting: string | null): readonly Place[] {
  const environment = serverVariable('VIRTUAL_ENV')
  const set: Place = {
    name: 'COXSWAIN_PYTHON',
    find: async () => (setting === null ? { why: 'not set' } : inPathOrAt(dir, setting)),
  }
  return [
    set,
    { name: join('.venv', BIN), find: () => at(join(dir, '.venv', BIN)) },
    {
      name: 'VIRTUAL_ENV',
      find: async () => (environment === null ? { why: 'not set' } : at(join(environment, BIN))),
    },
    { name: 'uv python find', find: () => askUv(dir) },
    { name: 'python3', find: () => inPath('python3') },
  ]
}

function inPathOrAt(dir: string, setting: string): ReturnType<Place['find']> {
  return setting.includes('/') ? at(resolve(dir, setting)) : inPath(setting)
}

async function at(path: string): ReturnType<Place['find']> {
  if (await isProgram(path)) return { path }
  const link = await lstat(path).catch(() => null)
  if (link === null) return { why: `there is no ${path}` }
  return { why: `${path} ${link.isSymbolicLink() ? 'leads nowhere' : 'cannot be run'}` }
}

async function inPath(name: string): ReturnType<Place['find']> {
  const folders = (serverVariable('PATH') ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const folder of folders) {
    const path = join(folder, name)
    if (await isProgram(path)) return { path }
  }
  return { why: `no ${name} in PATH` }
}

async function askUv(dir: string): ReturnType<Place['find']> {
  const uv = await inPath('uv')
  if ('why' in uv) return { why: 'uv is not installed' }
  try {
    const options = { cwd: dir, timeout: UV_TIMEOUT_MS }
    const { stdout } = await promisify(execFile)(uv.path, ['python', 'find'], options)
    return await at(stdout.trim())
  } catch {
    return { why: 'uv has none' }
  }
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
