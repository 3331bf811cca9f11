import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type ResolveHookSync, registerHooks } from 'node:module'
import { dirname, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What crew files import without installing it: this package, and the zod that tools describe parameters with. */
const PACKAGES = ['coxswain', 'zod']

/** The files of this package, which are no crew's. */
const OWN_URL = new URL('../../../', import.meta.url).href

/** The modules of a crew. */
export interface OwnModules {
  /** Over all that were imported so far, but for those of packages. It does not depend on where the crew lies. */
  hash(): string
}

/**
 * Lets files beside a crew's folder and below import {@link PACKAGES} as this package has them, when they cannot from
 * where they are: crews may live outside every project. Notes what the crew imports of its own.
 *
 * @param dir its real path, which is how modules are known
 */
export function ownModules(dir: string): OwnModules {
  const servedUrl = pathToFileURL(dirname(dir) + sep).href
  const files = new Set<string>()

  const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
    try {
      return note(nextResolve(specifier, context))
    } catch (error) {
      if (!PACKAGES.includes(specifier) || !context.parentURL?.startsWith(servedUrl)) throw error
      return nextResolve(specifier, { ...context, parentURL: import.meta.url })
    }
  }

  function note<Resolved extends { readonly url: string }>(resolved: Resolved): Resolved {
    const { url } = resolved
    const isOwn =
      url.startsWith('file:') && !url.includes('/node_modules/') && !url.startsWith(OWN_URL)
    if (isOwn) files.add(fileURLToPath(new URL(url)))
    return resolved
  }

  registerHooks({ resolve })
  return {
    hash() {
      const hash = createHash('sha256')
      for (const file of [...files].sort())
        hash.update(`${relative(dir, file).replaceAll(sep, '/')}\n`).update(contentOf(file))
      return hash.digest('hex')
    },
  }
}

/** A file that cannot be read could not be imported either, which is told otherwise. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    return Buffer.alloc(0)
  }
}
