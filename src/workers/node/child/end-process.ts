const kill = process.kill.bind(process)

/** Ends this process at once, with everything it has started. */
export function endProcess(): never {
  try {
    // Its own group, of which it is the first.
    kill(-process.pid, 'SIGKILL')
  } catch {
    // There are no groups on this system.
  }
  kill(process.pid, 'SIGKILL')
  throw new Error('The process has ended.')
}
