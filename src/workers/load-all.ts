import type { Loaded, Loading, Reference } from './protocol.ts'
import type { WorkerPool } from './worker-pool.ts'

/**
 * Loads what can be loaded. Code that ends its worker, or whose top level does not end, is an error of its own, and the
 * rest is loaded without it.
 */
export async function loadAll(
  pool: WorkerPool,
  references: readonly Reference[],
  broken: readonly Loaded[] = [],
): Promise<Loading> {
  const left = references.filter(({ key }) => broken.every((one) => one.key !== key))
  if (left.length === 0) return { loaded: [...broken], codeHash: '' }
  const outcome = await pool.load(left)
  if ('loaded' in outcome) {
    const all = [...outcome.loaded, ...broken]
    const loaded = references.flatMap(({ key }) => all.find((one) => one.key === key) ?? [])
    return { ...outcome, loaded }
  }
  const { key: culprit, reason } = outcome
  // Without a culprit the worker could not even begin.
  const guilty = culprit === null ? left : left.filter(({ key }) => key === culprit)
  const errors = guilty.map(({ key }) => ({ key, error: reason }))
  return loadAll(pool, references, [...broken, ...errors])
}
