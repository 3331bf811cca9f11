import { join } from 'node:path'
import { messageOf } from '../errors.ts'
import { importDefault } from './import-default.ts'
import { type CrewFolder, type CrewSource, inside, isMap, toGroup, toSection } from './source.ts'

/** A `crew.ts` that exports `defineCrew({ … })` as default. */
export async function readTypescriptCrew(
  { dir, report }: CrewFolder,
  file: string,
): Promise<CrewSource | null> {
  const place = { file, path: [] }
  const crew = await importDefault(join(dir, file)).catch((error: unknown) => {
    report.error(place, `cannot be loaded: ${messageOf(error)}`)
    return null
  })
  if (crew === null) return null
  if (!isMap(crew)) {
    report.error(place, 'must export a crew: export default defineCrew({ … })')
    return null
  }
  const { agents, tasks, ...settings } = crew
  return {
    format: 'typescript',
    settings: toSection('crew', settings, place, report),
    agents: toGroup(agents, inside(place, 'agents'), report),
    tasks: toGroup(tasks, inside(place, 'tasks'), report),
  }
}
