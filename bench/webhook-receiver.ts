import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** Takes webhook messages, and notes when they came. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** From the event to the arrival of each message, in ms. */
  readonly latenciesMs: readonly number[]
  /** By `performance.now()`. */
  readonly arrivals: readonly number[]
}

/**
 * Listens on all of 127.0.0.0/8, where each address is an origin of its own.
 *
 * @param answerMs how long an answer takes; null: there is none
 */
export async function receive(answerMs: number | null = 0): Promise<Receiver> {
  const latenciesMs: number[] = []
  const arrivals: number[] = []
  const server = createServer(async (request, response) => {
    const { timestamp } = JSON.parse(await text(request)) as { timestamp: string }
    latenciesMs.push(Date.now() - Date.parse(timestamp))
    arrivals.push(performance.now())
    if (answerMs === 0) response.end()
    else if (answerMs !== null) setTimeout(() => response.end(), answerMs)
  })
  server.listen({ port: 0, host: '0.0.0.0', backlog: 1_024 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    latenciesMs,
    arrivals,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** `127.1.0.0`, `127.1.0.1`, … */
export function addressOf(index: number): string {
  return `127.1.${index >> 8}.${index & 255}`
}
