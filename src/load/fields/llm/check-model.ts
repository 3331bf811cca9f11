import { DEFAULT_CHOICE, type ModelChoice } from '../../../llm/model-choice.ts'
import type { ModelProblem } from '../../../llm/model-finder.ts'
import type { Place } from '../../problem.ts'
import { inside } from '../../source.ts'
import type { Reading } from '../read-section.ts'
import type { ReadLlm } from './llm-schema.ts'
import { IN_TEXT } from './variables.ts'

/** Why a model cannot be used; null: it can. */
export type CheckModel = (choice: ModelChoice) => ModelProblem | null

export interface ModelChecking extends Reading {
  readonly checkModel: CheckModel
}

/**
 * The model that an `llm` chooses. One that nobody knows is an error; what only the environment lacks is none, because
 * the environment may be another one when the crew runs.
 */
export function chosenModel(
  llm: ReadLlm | undefined,
  place: Place,
  { notation, report, checkModel }: ModelChecking,
): ModelChoice {
  if (llm === undefined) return DEFAULT_CHOICE
  const { choice, secretIn } = llm
  if (secretIn !== null) {
    const at = inside(place, notation.spell(secretIn))
    if (place.file.endsWith('.py'))
      report.add(
        'secret-ignored',
        at,
        'is a secret, which is not used; put it into .env, and take it from there with os.getenv("NAME")',
      )
    else
      report.add(
        'secret-in-file',
        at,
        `must not be a secret itself; put it into a variable of the environment and write ${IN_TEXT} here, with its name`,
      )
  }
  const problem = choice.name === null ? null : checkModel(choice)
  if (problem?.kind === 'unknown') report.add('model-unknown', place, problem.message)
  return choice
}
