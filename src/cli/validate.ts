import { readConfig } from '../config.ts'
import { createModels } from '../llm/models.ts'
import { loadCrews } from '../load/load-crews.ts'
import { describeProblem, isAbout } from '../load/problem.ts'
import { modelProblems } from './model-problems.ts'

/** Prints every problem of all crews, or of one; the process fails when one of them is an error, or that one is not there. */
export async function validate(name: string | undefined): Promise<void> {
  const { crewsDir, models, workers } = readConfig()
  const { crews, problems } = await loadCrews(crewsDir, workers)
  const found = problems.filter((problem) => name === undefined || isAbout(problem, name))
  const good = [...crews.values()].filter((crew) => name === undefined || crew.name === name)
  if (found.length + good.length === 0)
    throw new Error(`There is no crew ${name ?? ''} in ${crewsDir}.`)
  for (const problem of found) console.log(describeProblem(problem))
  for (const problem of modelProblems(good, createModels(models))) console.log(problem)
  for (const crew of good) console.log(`${crew.name}: can be served`)
  const isMissing = name !== undefined && good.length === 0
  if (isMissing || found.some(({ severity }) => severity === 'error')) process.exitCode = 1
}
