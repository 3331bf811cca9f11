import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { parseVariables, type Variables } from '../../crew/variables.ts'
import { SECRET_VARIABLES } from '../node/environment.ts'

/** What any program needs to run where it is. */
const ORDINARY =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|(HTTPS?|ALL|NO)_PROXY|https?_proxy|all_proxy|no_proxy|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|LD_LIBRARY_PATH|DYLD_\w+|PLAYWRIGHT_BROWSERS_PATH|UV_\w+)$/

/** What the project's own file may change. */
const OURS: Readonly<Record<string, string>> = {
  // Nobody is told of the runs of this server.
  CREWAI_DISABLE_TELEMETRY: 'true',
  CREWAI_TRACING_ENABLED: 'false',
}

interface PythonEnvironment {
  /** The project's folder, whose `.env` it is. */
  readonly dir: string
  /** Path of the interpreter. */
  readonly interpreter: string
  /** Further variables of the server's that the project may have. */
  readonly variables: readonly string[]
}

/** What the Python of a project finds in `os.environ`: never the server's keys, unless it names them. */
export function pythonEnvironment(options: PythonEnvironment): Record<string, string> {
  const { dir, interpreter, variables } = options
  const named = variables.filter((name) => !SECRET_VARIABLES.includes(name))
  const given = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (ORDINARY.test(entry[0]) || named.includes(entry[0])),
  )
  const environment = { ...OURS, ...Object.fromEntries(given), ...readDotEnv(dir) }
  const bin = dirname(interpreter)
  return {
    ...environment,
    // As it is when the environment is activated, for the programs in it.
    PATH: [bin, environment['PATH'] ?? ''].filter((part) => part !== '').join(delimiter),
    PYTHONUNBUFFERED: '1',
  }
}

/** What the server has under this name, for finding an interpreter. */
export function serverVariable(name: 'PATH' | 'VIRTUAL_ENV'): string | null {
  return process.env[name] || null
}

/** What the project's `.env` says; nothing where there is none, or none that can be read, which its crews say. */
export function readDotEnv(dir: string): Variables {
  try {
    return parseVariables(readFileSync(join(dir, '.env'), 'utf8'))
  } catch {
    return {}
  }
}
