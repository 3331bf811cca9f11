import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { type ModelCall, startModelServer } from '../model-server.ts'
import { startReceiver } from '../receiver.ts'
import { late } from './crew.ts'
import type { Arrival, Ledger } from './ledger.ts'
import type { Mailbox } from './mailbox.ts'

/** What outlives the killed server: its model, the world its tools act on, the receiver of its webhooks. */
export interface Outside extends AsyncDisposable {
  /** The model's base URL for one life of the server, so that a late call is never taken for one of the next life. */
  modelUrl(life: number): string
  readonly toolUrl: string
  readonly webhookUrl: string
}

interface OutsideOptions {
  readonly ledger: Ledger
  readonly mailbox: Mailbox
  readonly secret: string
  readonly latencyMs: number
}

export async function startOutside(options: OutsideOptions): Promise<Outside> {
  const { ledger, mailbox, secret, latencyMs } = options
  await using stack = new AsyncDisposableStack()
  const model = stack.use(
    await startModelServer({
      remembers: false,
      answers(call) {
        const arrival = arrivalOf(call)
        ledger.arrived(arrival)
        return late(call, latencyMs, () => ledger.answered(arrival))
      },
    }),
  )
  const tools = stack.use(await startToolServer(ledger, latencyMs))
  const receiver = stack.use(
    await startReceiver({ remembers: false, secrets: [secret], answers: mailbox.receive }),
  )
  const opened = stack.move()
  return {
    modelUrl: (life) => `http://127.0.0.1:${model.port}/${life}/v1`,
    toolUrl: tools.url,
    webhookUrl: receiver.url,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function arrivalOf({ prefix, idempotencyKey: key }: ModelCall): Arrival {
  return { life: Number(prefix.slice(1)), runId: runOf(key), key }
}

const runOf = (key: string) => key.slice(0, key.indexOf('/'))

async function startToolServer(ledger: Ledger, latencyMs: number) {
  const server = createServer(async (request, response) => {
    const { call: key, life } = JSON.parse(await text(request))
    const arrival = { life: Number(life), runId: runOf(key), key }
    ledger.arrived(arrival)
    await delay(latencyMs / 2)
    ledger.answered(arrival)
    response.end(`The fact of ${key}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
