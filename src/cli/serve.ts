import closeWithGrace from 'close-with-grace'
import { type Config, readConfig } from '../config.ts'
import { beginLoading } from '../server/loading.ts'
import type { CoxswainServer } from '../server/start.ts'
import { curlLines } from './curl.ts'
import { describeBroken } from './describe-news.ts'
import { describeProblems } from './describe-problems.ts'
import { modelProblems } from './model-problems.ts'
import { paint } from './paint.ts'
import { teller } from './tell-news.ts'

/** What the process may take beyond the grace to write its last records. */
const CLOSE_MARGIN_MS = 5_000

/**
 * Serves until the process is told to end.
 *
 * @param options.watch whether crews are loaded again when their files change
 */
export async function serve({ watch }: { readonly watch: boolean }): Promise<void> {
  const config = readConfig()
  const loading = beginLoading(config, watch)
  const { startServer } = await import('../server/start.ts')
  const server = await startServer(config, loading)
  // First, so that whoever reads the banner may already send a signal.
  closeWithGrace({ delay: config.shutdownGraceMs + CLOSE_MARGIN_MS }, async ({ err }) => {
    // Nothing of a crew arrives here: this is a fault of the server.
    if (err !== undefined) server.log.fatal({ err }, 'uncaught error; the server ends')
    await server.close()
  })
  console.log(banner(server, config))
  server.follow(teller(server, config))
}

function banner(server: CoxswainServer, config: Config): string {
  const { url, crews, keptToken } = server
  const problems = [
    ...describeProblems(server.problems, config.crewsDir),
    ...server.broken.map(describeBroken),
    ...modelProblems(crews.values(), server.models, server.variables),
  ]
  const lines = [
    '',
    `Coxswain listens on ${paint('bold', url)}`,
    '',
    `  ${paint('dim', 'crews')}   ${[...crews.keys()].join(', ') || `none yet: put one into ${config.crewsDir}`}`,
    `  ${paint('dim', 'token')}   ${tokenLine(server, config)}`,
    `  ${paint('dim', 'model')}   ${modelLine(server, config)}`,
    `  ${paint('dim', 'docs')}    ${url}/docs`,
    ...(server.recovered > 0
      ? [`  ${paint('dim', 'runs')}    ${server.recovered} unfinished ones go on`]
      : []),
    '',
  ]
  if (problems.length > 0) lines.push(...problems.map((problem) => `  ${problem}`), '')
  const [first] = crews.values()
  if (first !== undefined) {
    const token = keptToken?.token ?? '$COXSWAIN_TOKEN'
    const commands = curlLines(url, first, config.tokens === 'off' ? null : token)
    lines.push('Try it:', '', ...commands.map((command) => `  ${command}`), '')
  }
  return lines.join('\n')
}

function tokenLine({ keptToken }: CoxswainServer, { tokens }: Config): string {
  if (tokens === 'off') return 'off: everybody on this machine may call it'
  return keptToken === null
    ? 'as set in COXSWAIN_TOKEN'
    : `${keptToken.token} (kept in ${keptToken.file})`
}

function modelLine({ models, variables }: CoxswainServer, config: Config): string {
  if (!models.isSimulated()) return config.models.defaultModel
  const real = [...variables].flatMap(([crew, own]) => (models.isSimulated({ own }) ? [] : [crew]))
  const but = real.length === 0 ? '' : `, but for ${real.join(', ')}`
  return `SIMULATED${but}: answers are made up. Set OPENAI_API_KEY or OPENAI_BASE_URL for real ones`
}
