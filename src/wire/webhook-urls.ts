import { z } from 'zod'
import type { Guard } from '../net/guard.ts'
import type { Authentication, Webhook, Webhooks } from '../runs/run.ts'
import { invalidFields } from './error.ts'

const MAX_URL_LENGTH = 2048

/** Clients that set no webhook send `null` or `""`, so both mean none. */
const Url = z.string().trim().max(MAX_URL_LENGTH).nullish()

/** Goes into a header as it is, so it holds no space and no line break. */
const Token = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
/** RFC 7617 ends the name at the first colon. */
const Username = z.string().regex(/^[^:]*$/, 'must not hold a colon')

const BearerOrBasic = z.discriminatedUnion('strategy', [
  z.object({ strategy: z.literal('bearer'), token: Token }),
  z.object({ strategy: z.literal('basic'), username: Username, password: z.string() }),
])

/** The webhook fields of a kickoff and of a resume. */
export const webhookFields = {
  taskWebhookUrl: Url.describe('Told after every finished task.'),
  stepWebhookUrl: Url.describe('Told after every tool call and every answer of an agent.'),
  crewWebhookUrl: Url.describe('Told when the execution completes, fails or is stopped.'),
  humanInputWebhookUrl: Url.describe('Told when a person is asked.'),
  humanInputWebhook: z
    .object({ url: Url, authentication: BearerOrBasic.nullish() })
    .nullish()
    .describe('The same with credentials; goes before humanInputWebhookUrl.'),
}
type WebhookFields = z.output<z.ZodObject<typeof webhookFields>>

interface Given {
  readonly kind: keyof Webhooks
  readonly field: string
  readonly url: string
  readonly authentication: Authentication | null
}

/**
 * The webhooks that are given; kinds without one are absent.
 *
 * @throws AppError `validation_failed` for URLs the guard refuses, each named by its field
 */
export function toWebhooks(body: WebhookFields, guard: Guard): Partial<Webhooks> {
  const given = givenIn(body)
  const refused = given.flatMap(({ field, url }) => {
    const message = guard.check(url)
    return message === null ? [] : [{ field, message }]
  })
  if (refused.length > 0) throw invalidFields(refused)
  return Object.fromEntries(
    given.map(({ kind, url, authentication }): [string, Webhook] => [
      kind,
      { url, authentication },
    ]),
  )
}

function givenIn(body: WebhookFields): readonly Given[] {
  const { taskWebhookUrl, stepWebhookUrl, crewWebhookUrl, humanInputWebhookUrl } = body
  const { url, authentication = null } = body.humanInputWebhook ?? {}
  return [
    ...givenAs('task', 'taskWebhookUrl', taskWebhookUrl),
    ...givenAs('step', 'stepWebhookUrl', stepWebhookUrl),
    ...givenAs('crew', 'crewWebhookUrl', crewWebhookUrl),
    ...givenAs('humanInput', 'humanInputWebhookUrl', humanInputWebhookUrl),
    // Last, so that of two entries of one kind it is the one that counts.
    ...givenAs('humanInput', 'humanInputWebhook.url', url).map((entry) => ({
      ...entry,
      authentication,
    })),
  ]
}

function givenAs(
  kind: keyof Webhooks,
  field: string,
  url: string | null | undefined,
): readonly Given[] {
  return url ? [{ kind, field, url, authentication: null }] : []
}
