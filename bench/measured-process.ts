import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A server in a process of its own, so that the load generator's CPU time is not counted as the server's. */
export interface MeasuredProcess {
  readonly url: string
  /** User and system time spent so far, in ms. */
  cpuMs(): Promise<number>
  stop(): Promise<void>
}

/** @param file sends `{ url }` when it listens, and answers the message `cpu` with `process.cpuUsage()` */
export async function startMeasured(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<MeasuredProcess> {
  const child = fork(new URL(file, import.meta.url), {
    execArgv: ['--conditions=development'],
    env: { PATH: process.env['PATH'], ...env },
  })
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  return {
    url,
    async cpuMs() {
      child.send('cpu')
      const [usage] = (await once(child, 'message')) as [NodeJS.CpuUsage]
      return (usage.user + usage.system) / 1000
    },
    async stop() {
      child.disconnect()
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** The child's side of {@link startMeasured}. */
export function report(url: string): void {
  process.on('message', () => process.send?.(process.cpuUsage()))
  process.send?.({ url })
}
