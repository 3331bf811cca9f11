import { pino } from 'pino'
import { vi } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { createOutboundClient } from '../../src/net/client.ts'
import { createGuard } from '../../src/net/guard.ts'
import { createSender } from '../../src/webhooks/sender.ts'
import { type Receiver, type ReceiverOptions, startReceiver } from '../harness/receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

interface SenderSetup {
  readonly scheduleMs?: readonly number[]
  readonly allowedHosts?: readonly string[]
}

/** Retries at once, unless told otherwise. Stops without grace when disposed. */
export function startSender(database: Database, setup: SenderSetup = {}) {
  const { scheduleMs = Array(20).fill(1), allowedHosts = ['127.0.0.1'] } = setup
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => lines.push(line) })
  const client = createOutboundClient({ guard: createGuard(allowedHosts) })
  const render = async ({ seq }: { readonly seq: number }) => JSON.stringify({ seq })
  const sender = createSender({ database, client, render, secrets: [SECRET], log, scheduleMs })
  sender.start()
  return {
    ...sender,
    lines,
    async [Symbol.asyncDispose]() {
      await sender.stop(0)
      await client.close()
    },
  }
}

/** A receiver that knows the sender's secret. */
export const receive = (options: ReceiverOptions = {}): Promise<Receiver> =>
  startReceiver({ secrets: [SECRET], ...options })

/** Asks again and again until it is so. */
export function eventually(expectation: () => Promise<unknown> | unknown): Promise<unknown> {
  return vi.waitFor(expectation, { timeout: 20_000, interval: 5 })
}
