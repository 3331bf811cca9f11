import { pathToFileURL } from 'node:url'

/** The default export of a TypeScript or JavaScript file; undefined when it has none. */
export async function importDefault(path: string): Promise<unknown> {
  const module: { readonly default?: unknown } = await import(pathToFileURL(path).href)
  return module.default
}
