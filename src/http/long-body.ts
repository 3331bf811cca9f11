import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

interface LongBody<Body> {
  /** Makes the body, with `refer(step)` in the place of each text that is not read yet. */
  readonly render: (refer: (step: string) => string) => Body
  /** Reads one of these texts. */
  readonly read: (step: string) => Promise<string>
}

/**
 * Sends a body whose long texts are read one after the other, as fast as the reader takes them: 20 MB of outputs cost
 * no more memory than the longest of them, and never keep the others waiting.
 */
export async function sendLong<Body>(
  reply: FastifyReply,
  { render, read }: LongBody<Body>,
): Promise<Body> {
  // Nobody can have written it into a text.
  let nonce = ''
  const steps: string[] = []
  const body = render((step) => {
    nonce ||= randomUUID()
    return `${nonce}/${steps.push(step) - 1}`
  })
  if (steps.length === 0) return body
  const parts = JSON.stringify(body).split(new RegExp(`"${nonce}/(\\d+)"`))

  async function* pieces(): AsyncGenerator<string> {
    for (const [index, part] of parts.entries()) {
      // Every second part is what the pattern found.
      if (index % 2 === 0) {
        yield part
        continue
      }
      // A socket with room takes one after the other in the same turn, and others wait.
      await setImmediate()
      yield JSON.stringify(await read(steps[Number(part)] ?? ''))
    }
  }

  void reply.type('application/json; charset=utf-8')
  // Only what is typed as the body is sent elsewhere.
  return Readable.from(pieces(), { highWaterMark: 1 }) as Body
}
