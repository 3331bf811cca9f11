import { z } from 'zod'
import { RunId } from './fields.ts'

const CrewName = z.string().describe('Name of the crew.')

/** Path parameters at the root, where no crew is named, and under `/crews/<crew>`. */
export const RootParams = z.object({})
export const RootRunParams = z.object({ kickoff_id: RunId })
export const CrewParams = z.object({ crew: CrewName })
export const CrewRunParams = z.object({ crew: CrewName, kickoff_id: RunId })
