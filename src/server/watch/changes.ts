import { watchTree } from './watch-tree.ts'

/** What has changed in a folder of crews, from one time on to another. */
export interface Burst {
  /** Paths of changed files, relative to their folder, by the name of that; empty: the folder or file itself. */
  readonly changed: ReadonlyMap<string, ReadonlySet<string>>
  /** False: more may have changed than was told. */
  readonly isComplete: boolean
  /** When the first of it was seen; as `performance.now()` has it. */
  readonly since: number
}

/** The files of crews, as they change. */
export interface Changes {
  /** Resolves when a change would be noticed. */
  readonly ready: Promise<void>
  /** Hands over what has changed since then, once it is quiet, and each time again. One burst at a time. */
  follow(listener: ChangesListener): void
  /** Whether something of this folder has changed that is not handed over yet. */
  hasMore(folder: string): boolean
  close(): void
}

interface ChangesListener {
  /** Never rejects. */
  onBurst(burst: Burst): Promise<void>
  /** Nothing is noticed any more. @param reason as the end of a sentence */
  onFail(reason: string): void
}

/** Editors write a file in several steps, and a checkout writes hundreds of files. */
const QUIET_MS = 50
/** So long at most is waited for quiet. */
const MAX_GATHERING_MS = 400
/** The system keeps some 16,000 events for a process that is busy, and drops what comes then. */
const MAX_EVENTS = 4_000
/** Paths that are remembered of a folder, for people. */
const MAX_PATHS = 100

const FOLDERS: readonly string[] = ['node_modules', '__pycache__', 'venv', 'data']
/** Hidden, and yet part of a crew: the variables of a project. */
const VARIABLES = '.env'
/** What editors keep beside a file for a while. */
const SCRATCH = /~$|^#.*#$|^4913$|\.(tmp|swp|swx|pyc|part)$|___jb_(tmp|old)___$/

export function watchChanges(crewsDir: string): Changes {
  let gathered = newBurst()
  let events = 0
  let timer: NodeJS.Timeout | null = null
  let listener: ChangesListener | null = null
  let failure: string | null = null
  let isBusy = false

  function note([folder, ...path]: readonly string[]): void {
    events += 1
    if (events === 1) gathered = { ...newBurst(), since: performance.now() }
    if (folder === undefined || events > MAX_EVENTS) gathered.isComplete = false
    else {
      const paths = gathered.changed.get(folder) ?? new Set()
      if (paths.size < MAX_PATHS) paths.add(path.join('/'))
      gathered.changed.set(folder, paths)
    }
    schedule()
  }

  function schedule(): void {
    if (listener === null || isBusy || events === 0) return
    if (timer === null) timer = setTimeout(handOver, QUIET_MS)
    else if (performance.now() - gathered.since < MAX_GATHERING_MS) timer.refresh()
  }

  async function handOver(): Promise<void> {
    const burst = gathered
    timer = null
    events = 0
    gathered = newBurst()
    isBusy = true
    if (!burst.isComplete) await tree.refresh()
    await listener?.onBurst(burst)
    isBusy = false
    schedule()
  }

  const tree = watchTree({
    root: crewsDir,
    isIgnored,
    onChange: note,
    onFail(reason) {
      failure = reason
      listener?.onFail(reason)
    },
  })
  return {
    ready: tree.ready,
    follow(next) {
      listener = next
      if (failure !== null) next.onFail(failure)
      schedule()
    },
    hasMore: (folder) => gathered.changed.has(folder) || !gathered.isComplete,
    close() {
      if (timer !== null) clearTimeout(timer)
      listener = null
      tree.close()
    },
  }
}

function newBurst() {
  return { changed: new Map<string, Set<string>>(), isComplete: true, since: 0 }
}

function isIgnored(names: readonly string[]): boolean {
  const name = names.at(-1) ?? ''
  if (name.startsWith('.')) return name !== VARIABLES || names.length === 1
  // A crew may be called so.
  if (FOLDERS.includes(name)) return names.length > 1 || name === 'node_modules'
  return SCRATCH.test(name)
}
