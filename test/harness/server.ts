import { vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/db/database.ts'
import { beginLoading } from '../../src/server/loading.ts'
import { startServer } from '../../src/server/start.ts'
import type { News } from '../../src/server/watch/news.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import { type CrewFiles, writeCrews } from './write-crews.ts'

export const TOKEN = 'a token for tests'

/** An answer of the API: its HTTP status and its body, parsed. */
interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: bodies are asserted on as a client reads them
  readonly body: any
}

export interface TestServer extends AsyncDisposable {
  readonly url: string
  /** Its data and crews, of which it is made again after `close`. */
  readonly directory: string
  /** What became of crews whose files have changed, so far; see {@link TestServerOptions.watch}. */
  readonly news: readonly News[]
  /** Its open database, to be put into trouble. */
  readonly database: Database
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Kicks the default crew off, and gives its id. */
  kickoff(body: unknown): Promise<string>
  /** The status, as soon as it has this `state`. */
  until(runId: string, state: string): Promise<Answer['body']>
  close(): Promise<void>
}

export interface TestServerOptions {
  /** Default: `research` of {@link RESEARCH_CREW} alone. */
  readonly crews?: Readonly<Record<string, CrewFiles>>
  /** Settings; the simulated model answers at once unless they name another. */
  readonly env?: Readonly<Record<string, string>>
  /** Whether crews are loaded again when their files change. */
  readonly watch?: boolean
  /** Of an earlier server, to go on with its data. */
  readonly directory?: string
}

/** Two tasks in a row. */
export const RESEARCH_CREW: CrewFiles = {
  'config/agents.yaml': `
researcher: { role: '{topic} Researcher', goal: Find facts, backstory: You read a lot. }
writer: { role: Writer, goal: Write well, backstory: You write. }
`,
  'config/tasks.yaml': `
research_task: { description: 'Research {topic}', expected_output: Notes, agent: researcher }
write_task: { description: 'Write about {topic}', expected_output: 'A text', agent: writer }
`,
}

/** One task whose answer a person reviews, and one after it. */
export const REVIEWED_CREW: CrewFiles = {
  'config/agents.yaml': `
clerk: { role: Clerk, goal: Answer letters, backstory: You are polite. }
`,
  'config/tasks.yaml': `
reply_task: { description: 'Answer {letter}', expected_output: A reply, agent: clerk, human_input: true }
file_task: { description: File the reply, expected_output: A note, agent: clerk }
`,
}

/** The real server on a port of its own, with a database and crews of its own. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { crews = { research: RESEARCH_CREW }, env = {}, watch = false } = options
  const own = options.directory === undefined ? temporaryDirectory() : undefined
  const directory = options.directory ?? own?.path ?? ''
  const config = readConfig({
    PORT: '0',
    CREWS_DIR: writeCrews(directory, crews),
    DATABASE_URL: `sqlite:${directory}/data/coxswain.db`,
    COXSWAIN_TOKEN: TOKEN,
    COXSWAIN_SIMULATE: 'on',
    COXSWAIN_SIMULATE_LATENCY_MS: '0',
    LOG_LEVEL: 'silent',
    ...env,
  })
  const server = await startServer(config, beginLoading(config, watch))
  const news: News[] = []
  server.follow((one) => news.push(one))

  async function call(path: string, init: RequestInit): Promise<Answer> {
    const authorization = `Bearer ${TOKEN}`
    const headers = { authorization, ...init.headers }
    const response = await fetch(`${server.url}${path}`, { ...init, headers })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    }
  }

  const get = (path: string) => call(path, {})
  const post: TestServer['post'] = (path, body, headers = {}) =>
    call(path, {
      method: 'POST',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    })
  return {
    url: server.url,
    directory,
    database: server.database,
    news,
    get,
    post,
    async kickoff(body) {
      const { status, body: answer } = await post('/kickoff', body)
      if (status !== 200) throw new Error(`kickoff answered ${status}: ${JSON.stringify(answer)}`)
      return answer.kickoff_id
    },
    until: (runId, state) =>
      vi.waitFor(
        async () => {
          const { body } = await get(`/status/${runId}`)
          if (body.state !== state)
            throw new Error(`${state} expected, got ${JSON.stringify(body)}`)
          return body
        },
        { timeout: 15_000, interval: 10 },
      ),
    close: () => server.close(),
    async [Symbol.asyncDispose]() {
      await server.close()
      own?.[Symbol.dispose]()
    },
  }
}
