import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Answers } from './probe.ts'

/** A server in a process of its own, so that the load generator's CPU time is not counted as the server's. */
export interface MeasuredProcess {
  readonly url: string
  readonly pid: number
  /** Asks `bench/probe.ts` in it. */
  ask<Name extends keyof Answers>(
    probe: Name,
    argument?: string,
  ): Promise<Awaited<ReturnType<Answers[Name]>>>
  /** @returns the exit code; null: it died of the signal */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

const MAX_START_MS = 30_000

/** Node's options and the arguments of `npm run serve`, without npm's own process around it. */
export function serveCommand(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const [, ...args] = scripts.serve.split(' ')
  return args
}

/** Coxswain as `npm run serve` starts it. */
export function startCoxswain(env: Readonly<Record<string, string>>): Promise<MeasuredProcess> {
  const command = serveCommand()
  const main = command.findIndex((word) => word.endsWith('cli.ts'))
  return start(command.slice(main), command.slice(0, main), env)
}

/** The floor as plain `node` runs it; `isLean`: under the memory options that Coxswain is started with. */
export function startFloor(
  env: Readonly<Record<string, string>>,
  isLean = false,
): Promise<MeasuredProcess> {
  const options = serveCommand().filter((word) => word.startsWith('--max-'))
  return start(['bench/floor.ts'], isLean ? options : [], env)
}

async function start(
  [file = '', ...args]: readonly string[],
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<MeasuredProcess> {
  const child = fork(file, args, {
    execArgv: ['--import', './bench/probe.ts', ...options],
    env: { PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const url = await listening(child)
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return {
    url,
    pid: child.pid ?? 0,
    async ask(probe, argument = '') {
      child.send({ probe, argument })
      const [{ answer }] = (await once(child, 'message')) as [{ answer: never }]
      return answer
    },
    stop(signal = 'SIGKILL') {
      child.kill(signal)
      return ended
    },
  }
}

async function listening({ stdout, exitCode }: ChildProcess): Promise<string> {
  const deadline = AbortSignal.timeout(MAX_START_MS)
  let output = ''
  while (exitCode === null && stdout !== null) {
    const [chunk] = await once(stdout, 'data', { signal: deadline })
    output += String(chunk)
    const url = /^\S* ?listens on (\S+)$/m.exec(output)?.[1]
    if (url !== undefined) {
      stdout.resume()
      return url
    }
  }
  throw new Error(`The server did not start: ${output}`)
}
