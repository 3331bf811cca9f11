import { readConfig } from '../config.ts'
import { createModels } from '../llm/models.ts'
import { loadCrews } from '../load/load-crews.ts'
import { hasNoEffect, isAbout, type Problem } from '../load/problem.ts'
import { describeProblems } from './describe-problems.ts'
import { loadAllOptions } from './load.ts'
import { modelProblems } from './model-problems.ts'

interface ValidateOptions {
  /** True: one JSON document on stdout, for programs. */
  readonly json: boolean
  /** True: what changes nothing fails as well. */
  readonly strict: boolean
}

/**
 * Prints every problem of all crews, or of one. The process fails when one of them is an error, or the crew that is named
 * is not there.
 */
export async function validate(name: string | undefined, options: ValidateOptions): Promise<void> {
  const config = readConfig()
  const { crewsDir, models } = config
  const loading = loadCrews(crewsDir, loadAllOptions(config))
  const { crews, folders, variables, problems } = await loading
  const found = problems.filter((problem) => name === undefined || isAbout(problem, name))
  const good = [...crews.values()].filter(
    (crew) => name === undefined || crew.name === name || folders.get(crew.name) === name,
  )
  if (found.length + good.length === 0)
    throw new Error(
      name === undefined
        ? `There are no crews in ${crewsDir}.`
        : `There is no crew ${name} in ${crewsDir}.`,
    )
  const served = good.map((crew) => crew.name)
  const modelLines = modelProblems(good, createModels(models), variables)
  const isFailed = served.length === 0 || found.some((problem) => fails(problem, options))
  if (options.json)
    console.log(
      JSON.stringify({ ok: !isFailed, served, problems: found.map(toJson), models: modelLines }),
    )
  else {
    for (const line of [...describeProblems(found, crewsDir), ...modelLines]) console.log(line)
    for (const crew of served) console.log(`${crew}: can be served`)
  }
  if (isFailed) process.exitCode = 1
}

function fails(problem: Problem, { strict }: ValidateOptions): boolean {
  return problem.severity === 'error' || (strict && hasNoEffect(problem))
}

function toJson(problem: Problem) {
  return { ...problem, hasNoEffect: hasNoEffect(problem) }
}
