import type { Config } from '../config.ts'
import { describeProblem } from '../load/problem.ts'
import { logFormatOf } from '../server/log/log.ts'
import type { CoxswainServer } from '../server/start.ts'
import type { CrewNews, News, Reload } from '../server/watch/news.ts'
import { describeReload } from './describe-news.ts'
import { modelProblems } from './model-problems.ts'
import { paint } from './paint.ts'

/** Prints what becomes of crews whose files change, or logs it where programs read. */
export function teller(server: CoxswainServer, config: Config): (news: News) => void {
  const { crews, models, variables } = server
  const told = new Set(modelProblems(crews.values(), models, variables))
  const isText = logFormatOf(config) === 'text'
  return (news) => {
    if ('trouble' in news) {
      if (isText) console.log(`${paint('yellow', 'warning')}: ${news.trouble}`)
      else server.log.warn(news.trouble)
      return
    }
    const served = news.crews.flatMap((one) => ('crew' in one ? [one.crew] : []))
    const lines = modelProblems(served, models, news.variables).filter((line) => !told.has(line))
    for (const line of lines) told.add(line)
    if (isText)
      for (const line of [...describeReload(news, config.crewsDir), ...lines]) console.log(line)
    else logReload(server, news, lines)
  }
}

function logReload(
  { log }: CoxswainServer,
  { problems, crews, files, durationMs }: Reload,
  modelLines: readonly string[],
): void {
  for (const problem of problems)
    log[problem.severity === 'error' ? 'error' : 'warn'](
      { crew: problem.crew, code: problem.code },
      describeProblem(problem),
    )
  for (const news of crews) log.info({ ...toEntry(news), files, durationMs }, 'crew reloaded')
  for (const line of modelLines) log.warn(line)
}

function toEntry(news: CrewNews) {
  const { type: outcome, name: crew } = news
  if (news.type !== 'changed') return { crew, outcome }
  const { changes, hasOtherCode, isMended } = news
  return { crew, outcome, changes, hasOtherCode, isMended }
}
