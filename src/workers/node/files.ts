import { fileURLToPath } from 'node:url'

/** Whether this is the package's source, which Node runs as it is, and not what was built from it. */
export const IS_SOURCE = import.meta.url.endsWith('.ts')

const EXTENSION = IS_SOURCE ? '.ts' : '.js'

/** What a worker's process begins with, and the thread in it. */
export const MAIN_FILE = fileOf('main')
export const WATCH_FILE = fileOf('watch')

function fileOf(stem: string): string {
  return fileURLToPath(new URL(`./child/${stem}${EXTENSION}`, import.meta.url))
}
