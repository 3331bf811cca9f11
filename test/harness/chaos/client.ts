import { setTimeout as delay } from 'node:timers/promises'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: read as a client does
  readonly body: any
}

/**
 * Asks the server that lives now; while none does, it waits for the next. Null: the server died after it was asked, or
 * none came.
 */
export type Call = (path: string, body?: object) => Promise<Answer | null>

interface ClientOptions {
  readonly url: () => string
  readonly token: string
}

const MAX_CALL_MS = 10_000
/** A server that was killed is back after about a second. */
export const RETRY_MS = 100
const MAX_TRIES = 300

export function createCall({ url, token }: ClientOptions): Call {
  async function ask(path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${url()}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(MAX_CALL_MS),
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }

  return async (path, body) => {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1)
      try {
        return await ask(path, body)
      } catch (error) {
        if (!isRefused(error)) return null
        await delay(RETRY_MS)
      }
    return null
  }
}

/** Nobody listens, so nobody was asked. */
function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
}

/** All runs there are, with their states; null: the server died meanwhile. */
export async function listRuns(call: Call): Promise<ReadonlyMap<string, string> | null> {
  const states = new Map<string, string>()
  let cursor = ''
  do {
    const page = await call(`/runs?limit=100${cursor}`)
    if (page === null) return null
    for (const run of page.body.runs) states.set(run.kickoff_id, run.run_status)
    cursor = page.body.next_cursor === null ? '' : `&cursor=${page.body.next_cursor}`
  } while (cursor !== '')
  return states
}
