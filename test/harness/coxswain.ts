import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command of the CLI to its end. */
export async function coxswain(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const options = { env: { COXSWAIN_SIMULATE_LATENCY_MS: '0', ...env } }
  const command = ['--conditions=development', 'src/cli.ts', ...args]
  return promisify(execFile)(process.execPath, command, options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error) => error,
  )
}
