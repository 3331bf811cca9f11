import { readdirSync, readFileSync } from 'node:fs'

export interface ChildProcess {
  readonly pid: number
  /** Tells it from a later process of the same number. */
  readonly startedAt: string
}

/** What a process has started; none where there is no `/proc`. */
export function childrenOf(pid: number | undefined): readonly ChildProcess[] {
  return readPids().flatMap((child) => {
    const stat = statOf(child)
    return stat !== null && stat.parent === pid ? [{ pid: child, startedAt: stat.startedAt }] : []
  })
}

export function stillAlive(processes: readonly ChildProcess[]): readonly ChildProcess[] {
  return processes.filter(({ pid, startedAt }) => statOf(pid)?.startedAt === startedAt)
}

function readPids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** Source of the fields: proc(5). */
function statOf(pid: number): { readonly parent: number; readonly startedAt: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before it, in brackets, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, parent] = fields
    return state === 'Z' ? null : { parent: Number(parent), startedAt: fields[19] ?? '' }
  } catch {
    return null
  }
}
