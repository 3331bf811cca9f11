import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { vi } from 'vitest'
import type { CrewNews, Reload } from '../../../src/server/watch/news.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../harness/server.ts'
import type { CrewFiles } from '../../harness/write-crews.ts'

export interface WatchedServer extends TestServer {
  readonly crewsDir: string
  /** Writes a file below the folder of crews. */
  write(path: string, text: string): void
  /** The reloads so far. */
  reloads(): readonly Reload[]
  /** What became of this crew, each time something did. */
  newsOf(crew: string): readonly CrewNews[]
  /** Resolves with the last news of this crew, once there are so many. */
  untilNews(crew: string, count: number): Promise<CrewNews | undefined>
}

/** The real server, which follows the files of its crews. */
export async function startWatched(options: TestServerOptions = {}): Promise<WatchedServer> {
  const server = await startTestServer({ ...options, watch: true })
  const crewsDir = join(server.directory, 'crews')
  const reloads = () => server.news.flatMap((news) => ('crews' in news ? [news] : []))
  const newsOf = (crew: string) =>
    reloads().flatMap(({ crews }) => crews.filter(({ name }) => name === crew))
  return Object.assign(server, {
    crewsDir,
    reloads,
    newsOf,
    write: (path: string, text: string) => writeInto(crewsDir, path, text),
    untilNews: (crew: string, count: number) =>
      vi.waitFor(
        () => {
          const news = newsOf(crew)
          if (news.length < count)
            throw new Error(`${count} news of ${crew}: ${JSON.stringify(server.news)}`)
          return news.at(-1)
        },
        { timeout: 15_000, interval: 10 },
      ),
  })
}

function writeInto(directory: string, path: string, text: string): void {
  const file = join(directory, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** A crew with one task that says this. */
export function saying(description: string): CrewFiles {
  return {
    'config/agents.yaml': 'writer: { role: Writer, goal: Write well, backstory: You write. }',
    'config/tasks.yaml': `write_task: { description: '${description}', expected_output: A text, agent: writer }`,
  }
}
