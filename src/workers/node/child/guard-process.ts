import { messageOf } from '../../../errors.ts'

interface Guard {
  /** Code did outside of its call what would end a process. It goes on. */
  onTrouble(reason: string): void
  /** Code ends the process now. */
  onEnd(reason: string): void
}

/** What code does to its process is told before it happens, and does not happen where that can be helped. */
export function guardProcess({ onTrouble, onEnd }: Guard): void {
  process.on('uncaughtException', (error) => {
    console.error(error)
    onTrouble(`it threw outside of its call: ${messageOf(error)}`)
  })
  process.on('unhandledRejection', (error) => {
    console.error(error)
    onTrouble(`it did not wait for a promise that was rejected: ${messageOf(error)}`)
  })
  process.exit = (code) => {
    const reason = `it called process.exit(${code ?? ''})`
    onTrouble(reason)
    // Nothing may go on after it.
    throw new Error(reason)
  }
  const { abort, kill } = process
  process.abort = () => {
    onEnd('it called process.abort()')
    return abort.call(process)
  }
  process.kill = (pid, signal) => {
    if (Math.abs(pid) === process.pid && signal !== 0) onEnd(`it ended its process with ${signal}`)
    return kill.call(process, pid, signal)
  }
  // The server ends it. A supervisor that tells all processes of a service to end tells the server as well.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
}
