import type { Config } from '../config.ts'
import type { CoxswainServer } from '../server/start.ts'
import type { News } from '../server/watch/news.ts'
import { describeReload } from './describe-news.ts'
import { modelProblems } from './model-problems.ts'
import { paint } from './paint.ts'

/** Prints what becomes of crews whose files change. */
export function teller(
  { crews, models, variables }: CoxswainServer,
  { crewsDir }: Config,
): (news: News) => void {
  const told = new Set(modelProblems(crews.values(), models, variables))
  return (news) => {
    if ('trouble' in news) return console.log(`${paint('yellow', 'warning')}: ${news.trouble}`)
    for (const line of describeReload(news, crewsDir)) console.log(line)
    const served = news.crews.flatMap((one) => ('crew' in one ? [one.crew] : []))
    for (const line of modelProblems(served, models, news.variables).filter(
      (one) => !told.has(one),
    )) {
      told.add(line)
      console.log(line)
    }
  }
}
