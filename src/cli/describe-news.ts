import type { Change } from '../crew/changes.ts'
import type { BrokenContract } from '../runs/operations/serve.ts'
import type { CrewNews, Reload } from '../server/watch/news.ts'
import { describeProblems } from './describe-problems.ts'
import { paint } from './paint.ts'

/** Of what has changed, so much is listed. */
const MAX_LISTED = 5

/** A line for each crew, and one for each problem. */
export function describeReload(reload: Reload, crewsDir: string): readonly string[] {
  return [
    ...describeProblems(reload.problems, crewsDir),
    ...reload.crews.map((news) => describeNews(news, reload)),
    ...reload.broken.map(describeBroken),
  ]
}

export function describeBroken({ crew, before, breaks }: BrokenContract): string {
  return `${paint('yellow', 'warning')}: ${paint('bold', crew)}: breaks what callers of its version ${before} rely on: ${breaks.join('; ')}`
}

function describeNews(news: CrewNews, { durationMs, files }: Reload): string {
  const name = paint('bold', news.name)
  const after = `in ${durationMs} ms`
  switch (news.type) {
    case 'added':
      return `${name} ${paint('green', 'is served')} ${after}`
    case 'removed':
      return `${name} is not served any more`
    case 'kept':
      return `${name} ${paint('yellow', 'is served as it was')}, until its files are mended`
    case 'mended':
      return `${name} ${paint('green', 'is good again')}, and as it was`
    case 'changed': {
      const what = listed(whatChanged(news)) || `nothing that it says (${listed(files)})`
      const mended = news.isMended ? ` ${paint('green', 'is good again')}, and` : ''
      return `${name}${mended} is reloaded ${after}: ${what}`
    }
  }
}

function whatChanged(news: Extract<CrewNews, { type: 'changed' }>): readonly string[] {
  const { changes, hasOtherCode } = news
  return [...changes.map((change) => describeChange(change)), ...(hasOtherCode ? ['code'] : [])]
}

/** E.g. `task research_task (description)`; of the crew itself the fields alone. */
function describeChange({ part, name, change, fields }: Change): string {
  if (part === 'crew') return fields.join(', ')
  return `${part} ${name} (${change === 'changed' ? fields.join(', ') : change})`
}

function listed(all: readonly string[]): string {
  const shown = all.slice(0, MAX_LISTED).join(', ')
  return all.length > MAX_LISTED ? `${shown} and ${all.length - MAX_LISTED} more` : shown
}
