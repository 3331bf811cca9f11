import type { Served } from '../crew/catalog.ts'
import { type Definition, toolsOf } from '../crew/definition.ts'
import type { Run } from './run.ts'

/** What becomes of unfinished runs whose crew's code (tools) is not what they have used so far. */
export type ChangedCode = 'continue' | 'fail'

/** What a run was driven with, and what it meets now. */
export interface CodeChange {
  readonly from: string
  readonly to: string
}

/** Null: the code is the same, or the run's crew calls none of it. */
export function codeChangeOf(
  { codeHash: from }: Pick<Run, 'codeHash'>,
  crew: Definition,
  { codeHash: to }: Served,
): CodeChange | null {
  return from === to || toolsOf(crew).length === 0 ? null : { from, to }
}

/** Why no run of a version can be started, as the end of a sentence; null: one can. */
export function obstacleOf(
  version: { readonly crew: Definition; readonly codeHash: string },
  served: Served,
  changedCode: ChangedCode,
): string | null {
  const present = new Set(toolsOf(served.crew).map(({ name }) => name))
  const gone = toolsOf(version.crew).flatMap(({ name }) => (present.has(name) ? [] : [name]))
  if (gone.length > 0) return `the crew has no tool ${[...new Set(gone)].join(', ')} any more`
  return changedCode === 'fail' && codeChangeOf(version, version.crew, served) !== null
    ? 'the code of the crew has changed since, and the server has CHANGED_CODE=fail'
    : null
}
