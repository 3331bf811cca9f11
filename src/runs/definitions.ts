import { z } from 'zod'
import type { Catalog, Served } from '../crew/catalog.ts'
import type { Crew } from '../crew/crew.ts'
import { fromDefinition, type ToolDefinitionData, toDefinition } from '../crew/definition.ts'
import { type Database, fromJson, type Tx, toJson } from '../db/database.ts'
import type { Tool } from '../tools/tool.ts'
import type { Run } from './run.ts'

/** The versions of crews that runs keep to: the served ones, and what was served when an older run was started. */
export interface Definitions {
  /** Stores a served version, once. */
  keep(served: Served): Promise<void>
  /**
   * The crew as the run was started with it. Tools are the code of today; one that is gone tells so when it is called.
   *
   * @throws Error when the version is not there
   */
  crewOf(run: Pick<Run, 'crew' | 'version'>): Promise<Crew>
}

/** Crews of the past that are held in memory; one has some 10 kB. */
const MAX_HELD = 100

export function createDefinitions({ db, commit }: Database, catalog: Catalog): Definitions {
  const kept = new Map<string, Promise<void>>()
  const held = new Map<string, Crew>()

  async function read(run: Pick<Run, 'crew' | 'version'>): Promise<Crew> {
    const row = await db
      .selectFrom('definitions')
      .select('definition')
      .where('hash', '=', run.version)
      .executeTakeFirst()
    if (row === undefined)
      throw new Error(`The version ${run.version} of the crew ${run.crew} is not in the database.`)
    return fromDefinition(fromJson(row.definition), bindTo(catalog.get(run.crew)?.crew))
  }

  return {
    keep(served) {
      const { version } = served
      const keeping = kept.get(version) ?? commit((tx) => insert(tx, served))
      kept.set(version, keeping)
      // Tried again for the next run.
      return keeping.catch((error: unknown) => {
        kept.delete(version)
        throw error
      })
    },
    async crewOf(run) {
      const served = catalog.get(run.crew)
      if (served?.version === run.version) return served.crew
      const crew = held.get(run.version) ?? (await read(run))
      // The one that was used last stands last.
      held.delete(run.version)
      held.set(run.version, crew)
      const [oldest] = held.keys()
      if (held.size > MAX_HELD && oldest !== undefined) held.delete(oldest)
      return crew
    },
  }
}

async function insert(tx: Tx, { crew, version }: Served): Promise<void> {
  const definition = toJson(toDefinition(crew))
  await tx
    .insertInto('definitions')
    .values({ hash: version, crew: crew.name, label: null, definition, firstServedAt: Date.now() })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute()
}

/** The way from a tool that a version names to the tool that the crew has now. */
function bindTo(crew: Crew | undefined) {
  const agents = [...(crew?.agents ?? []), crew?.managerAgent ?? []].flat()
  const tools = [...agents, ...(crew?.tasks ?? [])].flatMap((one) => one.tools)
  return (data: ToolDefinitionData): Tool =>
    tools.find(({ name }) => name === data.name) ?? goneTool(data)
}

function goneTool({ name, description, resultAsAnswer, timeoutMs }: ToolDefinitionData): Tool {
  return {
    name,
    description,
    parameters: z.looseObject({}),
    resultAsAnswer,
    timeoutMs,
    execute() {
      throw new Error(`the crew has no tool ${name} any more`)
    },
  }
}
