import { pino } from 'pino'
import { vi } from 'vitest'
import { createOutboundClient } from '../../src/net/client.ts'
import { createGuard } from '../../src/net/guard.ts'
import { createSender, type SenderOptions } from '../../src/webhooks/sending/sender.ts'
import { type Receiver, type ReceiverOptions, startReceiver } from '../harness/receiver.ts'
import type { Outbox } from './open-outbox.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

interface SenderSetup extends Partial<Pick<SenderOptions, 'database' | 'order' | 'render'>> {
  readonly scheduleMs?: readonly number[]
  readonly pausesMs?: readonly number[]
  readonly allowedHosts?: readonly string[]
}

/** Retries at once, unless told otherwise. Stops without grace when disposed. */
export function startSender(outbox: Outbox, setup: SenderSetup = {}) {
  const { allowedHosts = ['127.0.0.0/8'], ...others } = setup
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => lines.push(line) })
  const client = createOutboundClient({ guard: createGuard(allowedHosts) })
  const sender = createSender({
    ...outbox,
    secrets: [SECRET],
    scheduleMs: Array(20).fill(1),
    pausesMs: [1],
    ...others,
    client,
    log,
  })
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
