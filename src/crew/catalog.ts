import { toolFailed } from '../tools/call-tool.ts'
import type { Tool, ToolData, ToolResult } from '../tools/tool.ts'
import type { Crew } from './crew.ts'
import { fromDefinition, hashOf, toDefinition, toolsOf } from './definition.ts'

/** A crew that kickoffs may name. */
export interface Served {
  readonly crew: Crew
  /** Hash of its definition. */
  readonly version: string
  /** Of the code that it brings; empty: it brings none. */
  readonly codeHash: string
}

/** What a crew brings as code. */
export interface HashedCode {
  /** Over everything of the crew's own. */
  codeHash(): string
}

/** The crews that are served. They may be others from one turn to the next: ask whenever you need one. */
export interface Catalog {
  readonly names: readonly string[]
  get(name: string): Served | undefined
  /** The crew that answers at the root; null: none does. */
  readonly defaultName: string | null
  /** The way from a tool that a version has to its code, which is the one that the crew has when it is called. */
  bind(crew: string, tool: ToolData): Tool
}

/** A catalog whose crews can be replaced. */
export interface LiveCatalog extends Catalog {
  /** A crew as it is to be served; the same object while nothing of it has changed. It is not served before `replace`. */
  prepare(crew: Crew, code: HashedCode | undefined): Served
  replace(crews: Iterable<Crew>, codes: ReadonlyMap<string, HashedCode>): void
}

interface Entry {
  readonly code: HashedCode | undefined
  /** As they were loaded, with the way to their code. */
  readonly tools: readonly Tool[]
  readonly served: Served
}

/**
 * @param defaultName null: the only crew, when there is one alone
 * @param codes by the name of the crew; one that is not there brings none
 */
export function createCatalog(
  crews: Iterable<Crew>,
  defaultName: string | null,
  codes: ReadonlyMap<string, HashedCode> = new Map(),
): LiveCatalog {
  const prepared = new WeakMap<Crew, Entry>()
  let entries: ReadonlyMap<string, Entry> = new Map()
  let names: readonly string[] = []
  let rootName = defaultName

  function entryOf(crew: Crew, code: HashedCode | undefined): Entry {
    const known = prepared.get(crew)
    const entry = known?.code === code && known ? known : toEntry(crew, code, bind)
    prepared.set(crew, entry)
    return entry
  }

  function bind(crew: string, data: ToolData): Tool {
    const code = () => findTool(entries.get(crew)?.tools ?? [], data)
    return { ...data, call: async (request) => code()?.call(request) ?? gone(data) }
  }

  function replace(next: Iterable<Crew>, nextCodes: ReadonlyMap<string, HashedCode>): void {
    const codeOf = ({ name }: Crew) => nextCodes.get(name)
    entries = new Map([...next].map((crew) => [crew.name, entryOf(crew, codeOf(crew))]))
    names = [...entries.keys()]
    const [only = null, ...others] = names
    rootName = defaultName ?? (others.length === 0 ? only : null)
  }

  replace(crews, codes)
  return {
    get names() {
      return names
    },
    get: (name) => entries.get(name)?.served,
    get defaultName() {
      return rootName
    },
    bind,
    prepare: (crew, code) => entryOf(crew, code).served,
    replace,
  }
}

function toEntry(crew: Crew, code: HashedCode | undefined, bind: Catalog['bind']): Entry {
  const definition = toDefinition(crew)
  const tools = toolsOf(crew)
  const bound =
    tools.length === 0 ? crew : fromDefinition(definition, (tool) => bind(crew.name, tool))
  const served = { crew: bound, version: hashOf(definition), codeHash: code?.codeHash() ?? '' }
  return { code, tools, served }
}

/** It may have moved to another file. */
function findTool(tools: readonly Tool[], { key, name }: ToolData): Tool | undefined {
  return tools.find((tool) => tool.key === key) ?? tools.find((tool) => tool.name === name)
}

function gone({ name }: ToolData): ToolResult {
  return toolFailed(`the crew has no tool ${name} any more`)
}
