/** Timers by name; a new one of the same name replaces the old. None keeps the process alive. */
export interface Timers {
  set(name: string, timeoutMs: number, onTime: () => void): void
  /** Unless there is one of the name. */
  setOnce(name: string, timeoutMs: number, onTime: () => void): void
  clear(name: string): void
  clearAll(): void
}

export function createTimers(): Timers {
  const timers = new Map<string, NodeJS.Timeout>()

  function clear(name: string): void {
    clearTimeout(timers.get(name))
    timers.delete(name)
  }

  function set(name: string, timeoutMs: number, onTime: () => void): void {
    clear(name)
    const run = () => {
      timers.delete(name)
      onTime()
    }
    timers.set(name, setTimeout(run, timeoutMs).unref())
  }

  return {
    set,
    setOnce(name, timeoutMs, onTime) {
      if (!timers.has(name)) set(name, timeoutMs, onTime)
    },
    clear,
    clearAll() {
      for (const name of [...timers.keys()]) clear(name)
    },
  }
}
