/**
 * What we read of CrewAI projects against what CrewAI, pydantic and CPython make of them: `npm run compare:crewai`.
 * COMPARE_PYTHON names the Python to use; without CrewAI of its own, one is installed under the user's cache.
 */
import { join } from 'node:path'
import { messageOf } from '../../src/errors.ts'
import { compareCrews } from './compare-crews.ts'
import { compareSchemas } from './compare-schemas.ts'
import { compareSyntax } from './compare-syntax.ts'
import { CREWAI, findPython, withCrewai } from './python.ts'
import { createTally } from './tally.ts'

const ROOT = join(import.meta.dirname, '../..')

const write = (line: string) => void process.stdout.write(`${line}\n`)
const tally = createTally(write)

/** Skips what the machine lacks, by name; what is there and differs is a failure. */
async function main(): Promise<void> {
  const python = await findPython()
  if (python === null) return write('skipped: all of it, for want of Python 3.10 to 3.13')
  write(`syntax trees, against CPython ${python.version.join('.')}`)
  await compareSyntax(python, ROOT, tally)
  const crewai = await withCrewai(python, write).catch((error: unknown) => {
    write(
      `skipped: schemas and crews, since CrewAI ${CREWAI} cannot be installed: ${lastLine(error)}`,
    )
    return null
  })
  if (crewai === null) return
  if (process.platform === 'win32') return write('skipped: schemas and crews, which fork processes')
  write(`schemas, against pydantic and CrewAI ${CREWAI}`)
  await compareSchemas(crewai, ROOT, tally)
  write(`crews, against CrewAI ${CREWAI}`)
  await compareCrews(crewai, ROOT, tally)
}

function lastLine(error: unknown): string {
  return messageOf(error).trim().split('\n').at(-1) ?? ''
}

await main().catch((error: unknown) => tally.fail('the comparison', messageOf(error)))
write(`${tally.passed} passed, ${tally.failed} failed`)
process.exitCode = tally.failed === 0 ? 0 : 1
