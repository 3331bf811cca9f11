import { z } from 'zod'
import type { ProblemCode } from '../problem-codes.ts'
import { wrongValue } from '../source.ts'

/** The message for every value that is not as expected. */
export function must(expected: string) {
  return ({ input }: { readonly input?: unknown }) => wrongValue(input, expected)
}

/** Trimmed, because YAML's `>` leaves a line break at the end of every prompt. */
export const text = z
  .string({ error: must('a text') })
  .trim()
  .min(1, { error: 'is empty; it must be a text' })

const spelledFlag = z.stringbool({
  truthy: ['true', 't', 'yes', 'y', 'on', '1'],
  falsy: ['false', 'f', 'no', 'n', 'off', '0'],
})

/** What Python's YAML and pydantic take for a boolean, such as `yes`, `on` and 1, is taken too. */
export const flag = z.union([z.boolean(), spelledFlag, z.literal([0, 1]).transform(Boolean)], {
  error: must('true or false'),
})

export function count(minimum: number) {
  const error = must(`a whole number from ${minimum} up`)
  return z.preprocess(toNumber, z.int({ error }).min(minimum, { error }))
}

export function between(minimum: number, maximum: number) {
  const error = must(`a number from ${minimum} to ${maximum}`)
  return z.preprocess(toNumber, z.number({ error }).min(minimum, { error }).max(maximum, { error }))
}

/** As pydantic and Python's YAML: `"5"` and `1_000` are numbers. */
function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^[+-]?\d[\d_]*(\.\d+)?$/.test(value)
    ? Number(value.replaceAll('_', ''))
    : value
}

/** What {@link readSection} takes for the code of a problem. */
export function coded(code: ProblemCode): { readonly code: ProblemCode } {
  return { code }
}
