import { relative, resolve } from 'node:path'
import { styleText } from 'node:util'
import { type Occurrence, type Paint, type Problem, paintProblem } from '../load/problem.ts'

/**
 * Problems as a terminal shows them, a line each: in colour when it has any, and with files as it opens them from the
 * folder it is in.
 */
export function describeProblems(
  problems: readonly Problem[],
  crewsDir: string,
): readonly string[] {
  return problems.map((problem) => {
    const also = problem.also.map((one) => fromHere(one, crewsDir))
    return paintProblem({ ...fromHere(problem, crewsDir), also }, paint)
  })
}

function fromHere<One extends Occurrence>(occurrence: One, crewsDir: string): One {
  const near = relative('', crewsDir)
  const dir = near.startsWith('..') ? resolve(crewsDir) : near
  return { ...occurrence, file: [dir, occurrence.file].filter(Boolean).join('/') }
}

/** Not into a file or a pipe, and as `NO_COLOR` and `FORCE_COLOR` say. */
const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout })
