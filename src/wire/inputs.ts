import { z } from 'zod'
import type { Crew } from '../crew/crew.ts'
import { inputSchema } from '../crew/inputs/input-schema.ts'
import { requiredInputs } from '../crew/inputs.ts'

export const InputsResponse = z
  .object({
    inputs: z.array(z.string()).describe('Names a kickoff must give a value for.'),
    schema: z
      .record(z.string(), z.unknown())
      .describe(
        'JSON Schema of the `inputs` of a kickoff, with the optional ones and with what the crew declares of each. Texts that are exactly a value of the declared type are taken, too; `x-sensitive` marks what is told to nobody, `x-aliases` other names.',
      ),
  })
  .meta({
    id: 'InputsResponse',
    description: 'What the crew needs to know.',
  })

export function fromInputs(crew: Crew): z.output<typeof InputsResponse> {
  return { inputs: [...requiredInputs(crew)], schema: inputSchema(crew) }
}
