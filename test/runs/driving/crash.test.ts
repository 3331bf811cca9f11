import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import type { LedgerEntry } from '../../harness/model-server.ts'
import { TOKEN } from '../../harness/server.ts'
import { type SpawnedServer, spawnModelServer, spawnServer } from '../../harness/spawned-server.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { writeCrews } from '../../harness/write-crews.ts'

const KILLS = 30
const RUNS = 20
/** So many that the runs outlast the kills: a life sees three or four calls of each run end. */
const TASKS = 80
/** Of each model call: a kill nearly always meets calls in flight. */
const LATENCY_MS = 100
/** A server is killed this long after it listens, at most. */
const MAX_LIFE_MS = 700

const agents = 'worker: { role: Worker, goal: Work, backstory: You work. }'
const tasks = Array.from(
  { length: TASKS },
  (_, index) =>
    `task_${index + 1}: { description: 'Part ${index + 1} of {job}', expected_output: A text, agent: worker, context: [] }`,
).join('\n')

/** Step keys of model calls that are in the journal, as `<run>/<key>`. */
function finishedCalls(directory: string): ReadonlySet<string> {
  const database = new Sqlite(join(directory, 'data/coxswain.db'))
  try {
    const rows = database
      .prepare(`SELECT "runId" || '/' || key FROM journal WHERE type = 'llm_call_completed'`)
      .pluck()
      .all()
    return new Set(rows as string[])
  } finally {
    database.close()
  }
}

function readLedger(file: string): readonly LedgerEntry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

const call = async (server: SpawnedServer, path: string, body?: unknown) => {
  const response = await fetch(`${server.url}${path}`, {
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  return response.json() as Promise<{ kickoff_id: string; status: string }>
}

test(`after kill -9 at ${KILLS} random points every run completes and no finished step is paid again`, async () => {
  using directory = temporaryDirectory()
  const ledgerFile = join(directory.path, 'ledger.jsonl')
  writeFileSync(ledgerFile, '')
  const model = await spawnModelServer(LATENCY_MS, ledgerFile)
  const env = {
    CREWS_DIR: writeCrews(directory.path, {
      work: { 'config/agents.yaml': agents, 'config/tasks.yaml': tasks },
    }),
    DATABASE_URL: `sqlite:${directory.path}/data/coxswain.db`,
    COXSWAIN_TOKEN: TOKEN,
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_API_KEY: 'none',
    LOG_LEVEL: 'warn',
  }

  let server = await spawnServer(env)
  using processes = new DisposableStack()
  processes.defer(() => {
    server.process.kill('SIGKILL')
    model.stop()
  })
  const accepted: string[] = []
  for (let job = 1; job <= RUNS; job += 1) {
    const { kickoff_id: id } = await call(server, '/kickoff', { inputs: { job } })
    accepted.push(id)
  }
  const kills: { readonly atNs: bigint; readonly finished: ReadonlySet<string> }[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    await delay(Math.random() * MAX_LIFE_MS)
    await server.kill('SIGKILL')
    kills.push({ atNs: process.hrtime.bigint(), finished: finishedCalls(directory.path) })
    server = await spawnServer(env)
  }

  const statuses = await Promise.all(
    accepted.map(async (id) => {
      for (;;) {
        const status = await call(server, `/status/${id}`)
        if (status.status !== 'running') return status
        await delay(50)
      }
    }),
  )
  expect(await server.kill('SIGTERM')).toBe(0)
  // An entry is written a little after its answer was sent.
  const ledger = await vi.waitFor(() => {
    const entries = readLedger(ledgerFile)
    const answered = entries.filter(({ outcome }) => outcome === 'answered')
    expect(answered.length).toBeGreaterThanOrEqual(RUNS * TASKS)
    return entries
  })
  model.stop()

  const calls = ledger.map(({ arrivedAtNs, idempotencyKey }) => {
    const killsBefore = kills.filter(({ atNs }) => atNs < BigInt(arrivedAtNs))
    return { key: idempotencyKey ?? '', killsBefore }
  })

  expect(statuses.map(({ status }) => status)).toEqual(Array(RUNS).fill('completed'))
  expect(calls.filter(({ key, killsBefore }) => killsBefore.at(-1)?.finished.has(key))).toEqual([])
  // Between two kills no step is called twice: only a call that a kill cut off is made again.
  const inOneLife = calls.map(({ key, killsBefore }) => `${key} after ${killsBefore.length} kills`)
  expect(new Set(inOneLife).size).toBe(inOneLife.length)
  // It was a test at all: every step was done, some calls were cut off, and runs outlasted the kills.
  const keys = new Set(calls.map(({ key }) => key))
  expect(keys.size).toBe(RUNS * TASKS)
  expect([...(kills.at(-1)?.finished ?? [])].filter((key) => !keys.has(key))).toEqual([])
  expect(calls.length).toBeGreaterThan(keys.size)
  expect(
    kills.filter(({ finished }) => finished.size > 0 && finished.size < keys.size).length,
  ).toBeGreaterThan(KILLS / 2)
}, 180_000)
