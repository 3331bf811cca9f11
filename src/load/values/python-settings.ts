import type { PythonOptions } from '../../workers/python/python-crew-code.ts'
import { readPythonSettings } from '../../workers/python/settings.ts'
import type { Report } from '../problem.ts'
import { type CrewSource, inside } from '../source.ts'

/** The field of a crew's settings that says how its Python is run. */
const PYTHON = 'python'

interface TakenSettings {
  /** Without that field; null: cannot be read, which is already reported. */
  readonly source: CrewSource | null
  readonly settings: PythonOptions
}

/** What a crew says of its Python; what is wrong with it is reported. */
export function takePythonSettings(source: CrewSource | null, report: Report): TakenSettings {
  const fields = source?.settings.fields
  const given = fields?.findLast((field) => field.name === PYTHON)
  if (source === null || given === undefined) return { source, settings: {} }
  const rest = fields?.filter((field) => field.name !== PYTHON) ?? null
  const read = readPythonSettings(given.value)
  if ('problems' in read)
    for (const { path, message } of read.problems)
      report.add('value-wrong', inside(given.place, ...path), message)
  return {
    source: { ...source, settings: { ...source.settings, fields: rest } },
    settings: 'settings' in read ? read.settings : {},
  }
}
