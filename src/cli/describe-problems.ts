import { relative, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { type Occurrence, type Problem, paintProblem } from '../load/problem.ts'
import { paintFor } from './paint.ts'

/**
 * Problems as a terminal shows them, a line each: in colour when it has any, and with files as it opens them from the
 * folder it is in. A file or a pipe gets no colours, and `NO_COLOR` and `FORCE_COLOR` are obeyed.
 *
 * @param stream where they are printed
 */
export function describeProblems(
  problems: readonly Problem[],
  crewsDir: string,
  stream: Writable = process.stdout,
): readonly string[] {
  const paint = paintFor(stream)
  const lines = problems.map((problem) => {
    const also = problem.also.map((one) => fromHere(one, crewsDir))
    return paintProblem({ ...fromHere(problem, crewsDir), also }, paint)
  })
  // Crews of one folder may share what is wrong.
  return [...new Set(lines)]
}

function fromHere<One extends Occurrence>(occurrence: One, crewsDir: string): One {
  const near = relative('', crewsDir)
  const dir = near.startsWith('..') ? resolve(crewsDir) : near
  return { ...occurrence, file: [dir, occurrence.file].filter(Boolean).join('/') }
}
