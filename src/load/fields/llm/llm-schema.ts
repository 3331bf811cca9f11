import { z } from 'zod'
import { type ModelChoice, newChoice } from '../../../llm/model-choice.ts'
import { isPythonReference } from '../../values/python-value.ts'
import { coded, must, text } from '../schemas.ts'
import { connectionShape, toConnection } from './connection.ts'
import { parameterShape, toParameters } from './parameters.ts'
import { textOrVariable } from './variables.ts'

/** What an `llm` says. */
export interface ReadLlm {
  readonly choice: ModelChoice
  /** The field that holds a secret itself, which is left out of the choice; null: none does. */
  readonly secretIn: string | null
}

const names = {
  model: textOrVariable.exactOptional(),
  modelName: text.exactOptional(),
  deploymentName: text.exactOptional(),
}

/** The name of a model alone, or a map as CrewAI's `LLM` takes it. */
export const llm = z.preprocess(
  (value, context) => {
    if (!isPythonReference(value)) return typeof value === 'string' ? { model: value } : value
    context.addIssue({
      code: 'custom',
      message: `\`${value.expr}\` is Python, which is not run here yet; write the name of the model, or a map of model and parameters`,
      params: coded('python-needed'),
    })
    return z.NEVER
  },
  z
    .object(
      { ...names, ...connectionShape, ...parameterShape },
      { error: must('the name of a model, or a map of model and parameters') },
    )
    .transform((fields): ReadLlm => {
      const { connection, secretIn } = toConnection(fields)
      const name = fields.model ?? fields.modelName ?? fields.deploymentName ?? null
      const choice = newChoice({ name, connection, parameters: toParameters(fields) })
      return { choice: withoutPrefix(choice, fields.customOpenai), secretIn }
    }),
)

/** `custom_openai` is CrewAI's word for a server of one's own, where a name may begin with `openai/` all the same. */
function withoutPrefix(choice: ModelChoice, isCustom: boolean | undefined): ModelChoice {
  const { name, connection } = choice
  if (isCustom !== true || name === null) return choice
  const own = { ...choice, name: name.replace(/^openai\//i, '') }
  return connection.baseUrl === undefined
    ? own
    : { ...own, connection: { ...connection, provider: 'openai' } }
}
