import { type ResolveHookSync, registerHooks } from 'node:module'
import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What crew files import without installing it: this package, and the zod that tools describe parameters with. */
const PACKAGES = ['coxswain', 'zod']

const folderUrls = new Set<string>()

/**
 * Lets files under a folder import {@link PACKAGES} as this package has them, when they cannot from where they are:
 * crews may live outside every project. Stays for the life of the process, because a tool may import late.
 *
 * @param folder its real path, which is how modules are known
 */
export function servePackage(folder: string): void {
  if (folderUrls.size === 0) registerHooks({ resolve })
  folderUrls.add(pathToFileURL(folder + sep).href)
}

const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  try {
    return nextResolve(specifier, context)
  } catch (error) {
    if (!PACKAGES.includes(specifier) || !isServed(context.parentURL)) throw error
    return nextResolve(specifier, { ...context, parentURL: import.meta.url })
  }
}

function isServed(importer = ''): boolean {
  return [...folderUrls].some((url) => importer.startsWith(url))
}
