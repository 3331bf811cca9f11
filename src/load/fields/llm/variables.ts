import { z } from 'zod'
import { isPythonReference } from '../../values/python-value.ts'
import { text } from '../schemas.ts'

/** How a text names a variable, for people. */
export const IN_TEXT = '$' + '{NAME}'
export const VARIABLE_START = '$' + '{'

const REFERENCE = 'must be {"env": "NAME"}, with the name of a variable'

/** `{ env: NAME }`, which is `${NAME}` in a text. */
export const variable = z
  .strictObject(
    {
      env: z.string().regex(/^[A-Za-z_]\w*$/, { error: REFERENCE }),
      default: z
        .string()
        .regex(/^[^}]*$/, { error: 'must be a text without }' })
        .exactOptional(),
    },
    { error: REFERENCE },
  )
  .transform((of) => (of.default === undefined ? `\${${of.env}}` : `\${${of.env}:-${of.default}}`))

/** The value is not shown when it is wrong: it may hold a secret. */
export const textOrVariable = z.union([text, variable], {
  error: ({ input }) => {
    const expected = `a text, in which ${IN_TEXT} stands for a variable, or {"env": "NAME"}`
    return isPythonReference(input)
      ? `\`${input.expr}\` is Python, which is not run here yet; write ${expected}`
      : `must be ${expected}`
  },
})

/**
 * The variable that a text is, in our notation or in LiteLLM's (`os.environ/NAME`), and what stands for it when it is
 * not set; null: it is another text.
 */
export function variableIn(
  value: string,
): { readonly name: string; readonly byDefault: string } | null {
  const parts = /^\$\{(\w+)(?::-([^}]*))?\}$|^os\.environ\/(\w+)$/.exec(value)
  if (parts === null) return null
  const [, ours, byDefault = '', litellms = ''] = parts
  return { name: ours ?? litellms, byDefault }
}
