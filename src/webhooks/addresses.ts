import type {
  SealedWebhook,
  SealedWebhooks,
  SealWebhooks,
  Webhook,
  WebhookKind,
  Webhooks,
} from '../runs/run.ts'

/** What keeps secrets. */
interface Vault {
  seal(text: string, place: readonly string[]): string
  open(sealed: string, place: readonly string[]): string
  fingerprint(text: string): string
}

export interface Addresses {
  readonly seal: SealWebhooks
  /** @throws Error when it cannot be opened */
  open(of: {
    readonly runId: string
    readonly kind: WebhookKind
    readonly address: string
  }): Webhook
}

/**
 * Webhook addresses as they are stored: path and query of a URL are often its password, as are credentials. A delivery
 * holds the text of its run, which opens for that run and kind alone.
 */
export function createAddresses(vault: Vault): Addresses {
  function sealOne(runId: string, kind: WebhookKind, webhook: Webhook): SealedWebhook {
    // As it is called, so that two spellings of one URL are one.
    const { origin, href } = new URL(webhook.url)
    const address = vault.seal(JSON.stringify(webhook), placeOf(runId, kind))
    return { origin, endpoint: vault.fingerprint(href), address }
  }

  return {
    seal: (runId, webhooks) =>
      mapKinds(webhooks, (kind, webhook) => webhook && sealOne(runId, kind, webhook)),
    open: ({ runId, kind, address }) =>
      JSON.parse(vault.open(address, placeOf(runId, kind))) as Webhook,
  }
}

export const placeOf = (runId: string, kind: WebhookKind) => ['kickoffs', runId, 'webhooks', kind]

function mapKinds(
  webhooks: Partial<Webhooks>,
  seal: (kind: WebhookKind, webhook: Webhook | null) => SealedWebhook | null,
): Partial<SealedWebhooks> {
  const entries = Object.entries(webhooks) as [WebhookKind, Webhook | null][]
  return Object.fromEntries(entries.map(([kind, webhook]) => [kind, seal(kind, webhook)]))
}
