import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const open = new Set<string>()

/** A directory of its own for one test (mode 0700), deleted with it, or when the process exits before. */
export function temporaryDirectory(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'coxswain-'))
  if (open.size === 0) process.on('exit', removeAll)
  open.add(path)
  return {
    path,
    [Symbol.dispose]() {
      open.delete(path)
      if (open.size === 0) process.off('exit', removeAll)
      remove(path)
    },
  }
}

function removeAll(): void {
  for (const path of open) remove(path)
}

/** With retries: a process that was just killed may still be writing. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 })
}
