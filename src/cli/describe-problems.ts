import { relative, resolve } from 'node:path'
import { styleText } from 'node:util'
import { describeAlso, describePlace, type Occurrence, type Problem } from '../load/problem.ts'

type Style = Parameters<typeof styleText>[0]

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
    const placed = { ...fromHere(problem, crewsDir), also }
    const { severity, key, message, code } = placed
    const where = paint('bold', describePlace(placed))
    const parts = [paint(severity === 'error' ? 'red' : 'yellow', severity), where]
    if (key !== null) parts.push(paint('cyan', key))
    return `${[...parts, message].join(': ')}${describeAlso(placed)} ${paint('dim', `[${code}]`)}`
  })
}

function fromHere<One extends Occurrence>(occurrence: One, crewsDir: string): One {
  const near = relative('', crewsDir)
  const dir = near.startsWith('..') ? resolve(crewsDir) : near
  return { ...occurrence, file: [dir, occurrence.file].filter(Boolean).join('/') }
}

/** Not into a file or a pipe, and as `NO_COLOR` and `FORCE_COLOR` say. */
function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}
