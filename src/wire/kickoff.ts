import { z } from 'zod'
import type { InputValue } from '../crew/crew.ts'
import type { Guard } from '../net/guard.ts'
import { NO_WEBHOOKS, type Run } from '../runs/run.ts'
import type { KickoffRequest as Kickoff } from '../runs/runs.ts'
import { Meta, RunId } from './fields.ts'
import { toWebhooks, webhookFields } from './webhook-urls.ts'

/** A hash has 32, a label at most 100. */
const MAX_VERSION_CHARACTERS = 100

/** It comes back in every status and webhook. */
const MAX_META_CHARACTERS = 65_536

function isShort(meta: unknown): boolean {
  return JSON.stringify(meta).length <= MAX_META_CHARACTERS
}

/** Not looked into: every value that JSON can hold is an input value. */
const AnyInput = z.custom<InputValue>()

/**
 * Loose, as real clients are: an empty body, inputs that are absent or null, values of any JSON type, and unknown
 * keys all pass.
 */
export const KickoffRequest = z
  .preprocess(
    (body) => body ?? {},
    z.object({
      inputs: z
        .record(z.string(), AnyInput)
        .nullish()
        .describe(
          'A value for every name that `GET /inputs` lists, or under one of its other names. Any JSON type; others pass.',
        ),
      meta: Meta.refine(isShort, {
        error: `must have at most ${MAX_META_CHARACTERS} characters as JSON`,
      })
        .nullish()
        .describe('Any object. Comes back in the status and in every webhook.'),
      version: z
        .union([z.string().max(MAX_VERSION_CHARACTERS), z.int()], {
          error: 'must be the hash of a version, or its label',
        })
        .nullish()
        .describe(
          'Which version of the crew to run: its hash (`crew_version`) or its label, as `GET /crews/{crew}/versions` lists them. Default: the one that is served.',
        ),
      ...webhookFields,
    }),
  )
  .meta({
    id: 'KickoffRequest',
    description: 'What the crew is to work on, and where to report.',
  })

/** Source: AMP OpenAPI 1.0.0, startCrewExecution. */
export const KickoffResponse = z.object({ kickoff_id: RunId }).meta({
  id: 'KickoffResponse',
  description: 'The execution has begun.',
})

/** @throws AppError `validation_failed` when the guard refuses a webhook's URL */
export function toKickoff(
  body: z.output<typeof KickoffRequest>,
  crew: string,
  guard: Guard,
): Kickoff {
  const version = String(body.version ?? '').trim()
  return {
    crew,
    ...(version !== '' && { version }),
    inputs: body.inputs ?? {},
    meta: body.meta ?? {},
    webhooks: { ...NO_WEBHOOKS, ...toWebhooks(body, guard) },
  }
}

export function fromKickoff(run: Run): z.output<typeof KickoffResponse> {
  return { kickoff_id: run.id }
}
