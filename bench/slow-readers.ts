import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { TOKEN } from './call.ts'

/** Clients that ask and then take nothing: what they asked for stays in the server's memory. */
export async function slowReaders(
  url: string,
  path: string,
  { count, forMs }: { readonly count: number; readonly forMs: number },
): Promise<void> {
  const { host, hostname, port } = new URL(url)
  const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect({ host: hostname, port: Number(port) })
      // The server may drop it, which is what a reader deserves who takes nothing.
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.pause().write(head)
      return socket
    }),
  )
  await delay(forMs)
  for (const socket of sockets) socket.destroy()
}
