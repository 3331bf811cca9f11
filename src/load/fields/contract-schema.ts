import { z } from 'zod'
import { wrongValue } from '../source.ts'

/** What callers of a crew rely on, beside its inputs. */

/** Longer ones are no help to anybody who has to write them into a kickoff. */
const MAX_LABEL_CHARACTERS = 100

/** YAML reads `1.10` as the number 1.1, so that a fraction must be in quotes. */
const LABEL = 'a short text, with a fraction in quotes, such as "1.10"'

export const versionLabel = z
  .union([z.string(), z.int().transform(String)], {
    error: ({ input }) => wrongValue(input, LABEL),
  })
  .transform((label) => label.trim())
  .refine((label) => label !== '' && label.length <= MAX_LABEL_CHARACTERS, {
    error: ({ input }) =>
      wrongValue(input, `${LABEL}, of at most ${MAX_LABEL_CHARACTERS} characters`),
  })
  .refine((label) => !/^[0-9a-f]{32}$/.test(label), {
    error: 'must not look like the hash of a version',
  })

const name = z
  .string({ error: ({ input }) => wrongValue(input, 'the name of an input') })
  .min(1, { error: 'is empty; it must be the name of an input' })

export const inputAliases = z.record(
  z.string(),
  z.union([name.transform((one) => [one]), z.array(name)], {
    error: ({ input }) => wrongValue(input, 'a name, or a list of names'),
  }),
  { error: ({ input }) => wrongValue(input, 'a map of input names to their other names') },
)
