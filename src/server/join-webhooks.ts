import type { Logger } from 'pino'
import type { Vault } from '../access/vault.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { OutboundClient } from '../net/client.ts'
import type { Follower } from '../runs/journal/journal.ts'
import type { SealWebhooks } from '../runs/run.ts'
import type { Runs } from '../runs/runs.ts'
import { createAddresses } from '../webhooks/addresses.ts'
import { createFollower } from '../webhooks/follower.ts'
import { createSender, type Sender } from '../webhooks/sending/sender.ts'
import { draftWebhooks, fromMessage } from '../wire/webhook.ts'
import { webhookSecretsOf } from './secrets.ts'

interface WebhooksDeps {
  readonly config: Config
  readonly database: Database
  readonly vault: Vault
  readonly client: OutboundClient
  /** Asked when a message is first sent. */
  readonly message: Runs['message']
  readonly log: Logger
}

interface Webhooks {
  readonly sender: Sender
  readonly follower: Follower
  readonly seal: SealWebhooks
}

/** What writes webhook messages, and what sends them. */
export function joinWebhooks(deps: WebhooksDeps): Webhooks {
  const { config, database, vault, client, message, log } = deps
  const { webhookOrder: order } = config
  const addresses = createAddresses(vault)
  const sender = createSender({
    database,
    client,
    addresses,
    render: async ({ runId, seq, sequence }) =>
      JSON.stringify(fromMessage(await message(runId, seq), sequence)),
    secrets: webhookSecretsOf(config),
    order,
    log,
  })
  const follower = createFollower({ draft: draftWebhooks, order, wake: sender.wake })
  return { sender, follower, seal: addresses.seal }
}
