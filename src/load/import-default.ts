import { pathToFileURL } from 'node:url'

const TIMEOUT_MS = 10_000

/**
 * The default export of a TypeScript or JavaScript file; undefined when it has none.
 *
 * @throws Error also when its top level does not come to an end: without a time-out Node would end the process then,
 *   and name no file
 */
export async function importDefault(path: string, timeoutMs = TIMEOUT_MS): Promise<unknown> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`its top level did not end within ${timeoutMs / 1000} s`)),
    timeoutMs,
  )
  try {
    const imported: Promise<{ readonly default?: unknown }> = import(pathToFileURL(path).href)
    return (await Promise.race([imported, late.promise])).default
  } finally {
    clearTimeout(timer)
  }
}
