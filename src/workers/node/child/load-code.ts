import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../../../errors.ts'
import type { DefinedTool, ToolData } from '../../../tools/tool.ts'
import type { Loaded, Reference } from '../../protocol.ts'
import { encodeValue } from '../../values.ts'

export interface Loader {
  load(reference: Reference): Promise<Loaded>
  /** Code went wrong beside what it exports. False: nothing is being loaded. */
  fail(reason: string): boolean
  /** By its key. @throws Error when there is none, with the reason */
  find(key: string): DefinedTool
}

/** Imports the code of a crew, and remembers its tools. */
export function createLoader(dir: string): Loader {
  const tools = createToolKeys()
  const errors = new Map<string, string>()
  let failLoading: ((error: Error) => void) | null = null

  return {
    async load({ key }) {
      const failed = Promise.withResolvers<never>()
      failed.promise.catch(() => {})
      failLoading = failed.reject
      try {
        const value = await Promise.race([importDefault(join(dir, key)), failed.promise])
        const found = new Map<string, ToolData>()
        const encoded = encodeValue(value, (inner) => {
          if (!isTool(inner)) return null
          const toolKey = tools.keyOf(inner, inner === value ? key : `${key}#${inner.name}`)
          found.set(toolKey, dataOf(toolKey, inner))
          return toolKey
        })
        return { key, value: encoded, tools: [...found.values()] }
      } catch (error) {
        errors.set(key, messageOf(error))
        return { key, error: messageOf(error) }
      } finally {
        failLoading = null
      }
    },
    fail(reason) {
      failLoading?.(new Error(reason))
      return failLoading !== null
    },
    find(key) {
      const tool = tools.find(key)
      if (tool !== undefined) return tool
      const error = errors.get(key.split('#')[0] ?? key)
      throw new Error(
        error === undefined ? `the crew has no ${key} any more` : `it cannot be loaded: ${error}`,
      )
    },
  }
}

interface ToolKeys {
  /** The first key it was given, however often it is found. */
  keyOf(tool: DefinedTool, wanted: string): string
  find(key: string): DefinedTool | undefined
}

function createToolKeys(): ToolKeys {
  const byKey = new Map<string, DefinedTool>()
  const keys = new Map<DefinedTool, string>()
  return {
    keyOf(tool, wanted) {
      const known = keys.get(tool)
      if (known !== undefined) return known
      let key = wanted
      for (let count = 2; byKey.has(key); count += 1) key = `${wanted}#${count}`
      byKey.set(key, tool)
      keys.set(tool, key)
      return key
    },
    find: (key) => byKey.get(key),
  }
}

async function importDefault(path: string): Promise<unknown> {
  const imported: { readonly default?: unknown } = await import(pathToFileURL(path).href)
  return imported.default
}

/** Whether a value is what `defineTool` makes, in this or another copy of this package. */
function isTool(value: object): value is DefinedTool {
  const { name, description, parameters, resultAsAnswer, timeoutMs, onCrash, execute } =
    value as Partial<DefinedTool>
  return (
    typeof name === 'string' &&
    typeof description === 'string' &&
    typeof parameters?.schema === 'object' &&
    typeof parameters.parse === 'function' &&
    typeof resultAsAnswer === 'boolean' &&
    typeof timeoutMs === 'number' &&
    typeof onCrash === 'string' &&
    typeof execute === 'function'
  )
}

function dataOf(key: string, tool: DefinedTool): ToolData {
  const { name, description, parameters, resultAsAnswer, timeoutMs, onCrash } = tool
  const { schema } = parameters
  return { key, name, description, parameters: { schema }, resultAsAnswer, timeoutMs, onCrash }
}
