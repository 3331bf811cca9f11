import { z } from 'zod'
import type { Inputs } from '../crew/crew.ts'
import type { RunSummary as RunInShort, SealedWebhooks } from '../runs/run.ts'
import type { RunReport } from '../runs/runs.ts'
import { CrewVersion, Instant, Meta, RunId, toIso, toIsoOrNull } from './fields.ts'
import { ExecutionStatus, fromReport, type StatusOptions } from './status.ts'

const MAX_LIMIT = 100
const DEFAULT_LIMIT = 20

const RunStatusName = z
  .enum(['queued', 'running', 'waiting', 'completed', 'failed', 'stopped'])
  .describe('How far the execution is, in our own words.')

export const RunsQuery = z.object({
  crew: z.string().exactOptional().describe('Only executions of this crew.'),
  status: RunStatusName.exactOptional().describe('Only executions with this `run_status`.'),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().exactOptional().describe('The `next_cursor` of the page before.'),
})

/** What the native bodies say of a run beside AMP's words. */
const runFields = {
  crew: z.string(),
  run_status: RunStatusName,
  created_at: Instant,
  started_at: Instant.nullable(),
  updated_at: Instant,
  ended_at: Instant.nullable(),
}

const RunSummary = z
  .object({
    kickoff_id: RunId,
    ...runFields,
    crew_version: CrewVersion,
    simulated: z.boolean(),
    error: z.string().nullable(),
    meta: Meta,
  })
  .meta({ id: 'RunSummary', description: 'An execution in short.' })

export const RunList = z
  .object({
    runs: z.array(RunSummary).describe('Newest first.'),
    next_cursor: z.string().nullable().describe('Null on the last page.'),
  })
  .meta({
    id: 'RunList',
    description: 'A page of executions.',
  })

const Origin = z
  .string()
  .nullable()
  .describe('Scheme and host. The rest of a webhook URL is often its password.')

export const RunDetail = ExecutionStatus.extend({
  ...runFields,
  inputs: z
    .record(z.string(), z.unknown())
    .describe("The kickoff's over the crew's defaults; of a sensitive one `***`."),
  webhooks: z.object({ task: Origin, step: Origin, crew: Origin, human_input: Origin }),
}).meta({ id: 'Run', description: 'Everything about an execution.' })

export function fromRuns(page: {
  readonly runs: readonly RunInShort[]
  readonly nextCursor: string | null
}): z.output<typeof RunList> {
  return { runs: page.runs.map(fromSummary), next_cursor: page.nextCursor }
}

export function fromRun(
  report: RunReport,
  inputs: Inputs,
  options: StatusOptions,
): z.output<typeof RunDetail> {
  const { run } = report
  return {
    ...fromReport(report, options),
    ...fromFields(run),
    inputs,
    webhooks: fromWebhooks(run.webhooks),
  }
}

function fromSummary(run: RunInShort): z.output<typeof RunSummary> {
  const { id, version, simulated, error, meta } = run
  return { kickoff_id: id, ...fromFields(run), crew_version: version, simulated, error, meta }
}

function fromFields(run: RunInShort) {
  return {
    crew: run.crew,
    run_status: run.status,
    created_at: toIso(run.createdAt),
    started_at: toIsoOrNull(run.startedAt),
    updated_at: toIso(run.updatedAt),
    ended_at: toIsoOrNull(run.endedAt),
  }
}

function fromWebhooks({ task, step, crew, humanInput }: SealedWebhooks) {
  return {
    task: task?.origin ?? null,
    step: step?.origin ?? null,
    crew: crew?.origin ?? null,
    human_input: humanInput?.origin ?? null,
  }
}
