// The load generator, in a process of its own: runs kicked off and polled to their end, or polls of a finished one.
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, createClient } from './call.ts'

export interface Load {
  readonly url: string
  readonly runs: number
  /** Runs that are under way at any time. */
  readonly inFlight: number
  /** The first ones begin spread over this time. */
  readonly rampMs: number
  readonly pollMs: number
  readonly inputs: Readonly<Record<string, string>>
}

export interface LoadResult {
  readonly wallMs: number
  readonly polls: number
  /** Of the last one that ended. */
  readonly runId: string
}

export interface Polls {
  readonly url: string
  readonly runId: string
  readonly polls: number
  readonly connections: number
}

async function loaded({ url, runs, inFlight, rampMs, pollMs, inputs }: Load): Promise<LoadResult> {
  const client = createClient(url, inFlight)
  const startedAt = performance.now()
  let left = runs
  let polls = 0
  let runId = ''
  async function drive(_: unknown, index: number): Promise<void> {
    await delay((index / inFlight) * rampMs)
    while (left > 0) {
      left -= 1
      const { kickoff_id: id } = JSON.parse(await client.post('/kickoff', { inputs }))
      const took = await pollToItsEnd(client, id, pollMs)
      polls += took
      runId = id
    }
  }
  await Promise.all(Array.from({ length: inFlight }).map(drive))
  await client.close()
  return { wallMs: performance.now() - startedAt, polls, runId }
}

/** @returns how many polls it took */
async function pollToItsEnd(client: Client, id: string, pollMs: number): Promise<number> {
  for (let polls = 1; ; polls += 1) {
    await delay(pollMs)
    const { state, error } = JSON.parse(await client.get(`/status/${id}`))
    if (state === 'SUCCESS') return polls
    if (state === 'FAILED') throw new Error(`run ${id} failed: ${error}`)
  }
}

async function polled({ url, runId, polls, connections }: Polls): Promise<null> {
  const client = createClient(url, connections)
  let left = polls
  async function poll(): Promise<void> {
    while (left > 0) {
      left -= 1
      await client.get(`/status/${runId}`)
    }
  }
  await Promise.all(Array.from({ length: connections }, poll))
  await client.close()
  return null
}

process.on('message', async (load: Load | Polls) => {
  process.send?.(await ('runs' in load ? loaded(load) : polled(load)))
})
process.on('disconnect', () => process.exit())
