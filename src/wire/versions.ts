import { z } from 'zod'
import type { Change } from '../crew/changes.ts'
import type { Contract } from '../crew/contract.ts'
import type { VersionReport } from '../runs/runs.ts'
import { Instant, toIso } from './fields.ts'

const MAX_LIMIT = 100
const DEFAULT_LIMIT = 20

export const VersionsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().exactOptional().describe('The `next_cursor` of the page before.'),
})

const VersionChange = z
  .object({
    part: z.enum(['crew', 'agent', 'task', 'tool', 'input']),
    name: z.string().describe('Of the part, e.g. the name of the task.'),
    change: z.enum(['added', 'removed', 'changed']),
    fields: z
      .array(z.string())
      .describe(
        'What of it has changed, e.g. `description`; of an input `required`, `default`, `aliases`, or what is declared of it, e.g. `max_length`.',
      ),
  })
  .meta({ id: 'VersionChange', description: 'Something that is not as in the version before.' })

const VersionInputs = z
  .object({
    required: z.array(z.string()).describe('Names a kickoff must give a value for.'),
    optional: z.array(z.string()).describe('Names that have a default.'),
    aliases: z
      .record(z.string(), z.array(z.string()))
      .describe('Other names under which an input may be given.'),
  })
  .meta({ id: 'VersionInputs', description: 'What a kickoff of the version brings.' })

const Version = z
  .object({
    crew_version: z.string().describe('Its hash. A kickoff may ask for it as `version`.'),
    version: z
      .string()
      .nullable()
      .describe(
        "The crew's own label. Of several versions with one label, a kickoff gets the one that was served last.",
      ),
    first_served_at: Instant,
    is_served: z.boolean().describe('Kickoffs that ask for no version get it.'),
    not_runnable: z
      .string()
      .nullable()
      .describe(
        'Why no execution of it can be started, e.g. because a tool is gone. Null: one can.',
      ),
    code_hash: z
      .string()
      .nullable()
      .describe("Of the crew's code when the version was served last. Null: it brought none."),
    inputs: VersionInputs,
    previous: z
      .string()
      .nullable()
      .describe('Hash of the version that was served before it. Null: there was none.'),
    changes: z.array(VersionChange).describe('What is not as in `previous`.'),
    breaks: z
      .array(z.string())
      .describe('What callers of `previous` cannot rely on any more, for people. Empty: nothing.'),
  })
  .meta({ id: 'CrewVersion', description: 'A version of a crew.' })

export const VersionList = z
  .object({
    versions: z.array(Version).describe('Newest first.'),
    next_cursor: z.string().nullable().describe('Null on the last page.'),
  })
  .meta({ id: 'VersionList', description: 'A page of versions of a crew.' })

export function fromVersions(page: {
  readonly versions: readonly VersionReport[]
  readonly nextCursor: string | null
}): z.output<typeof VersionList> {
  return { versions: page.versions.map(fromVersion), next_cursor: page.nextCursor }
}

function fromVersion(report: VersionReport): z.output<typeof Version> {
  return {
    crew_version: report.version,
    version: report.label,
    first_served_at: toIso(report.firstServedAt),
    is_served: report.isServed,
    not_runnable: report.obstacle,
    code_hash: report.codeHash === '' ? null : report.codeHash,
    inputs: fromContract(report.contract),
    previous: report.previous,
    changes: report.changes.map(fromChange),
    breaks: [...report.breaks],
  }
}

function fromContract({ inputs }: Contract): z.output<typeof VersionInputs> {
  const named = (required: boolean) =>
    inputs.flatMap(({ names: [name], isRequired }) =>
      name !== undefined && isRequired === required ? [name] : [],
    )
  const aliases = inputs.flatMap(({ names: [name = '', ...others] }) =>
    others.length === 0 ? [] : [[name, others] as const],
  )
  return { required: named(true), optional: named(false), aliases: Object.fromEntries(aliases) }
}

function fromChange({ part, name, change, fields }: Change): z.output<typeof VersionChange> {
  return { part, name, change, fields: fields.map(toSnakeCase) }
}

/** As CrewAI's files and our bodies spell fields. */
function toSnakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
