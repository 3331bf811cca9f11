import type { CrewCode } from '../workers/crew-code.ts'
import type { Report } from './problem.ts'
import { type CrewSource, inside, isMap, toGroup, toSection } from './source.ts'

/** A `crew.ts` that exports `defineCrew({ … })` as default. */
export async function readTypescriptCrew(
  { code, report }: { readonly code: CrewCode; readonly report: Report },
  file: string,
): Promise<CrewSource | null> {
  const place = { file, path: [] }
  const [loaded] = await code.load([{ key: file }])
  if (loaded === undefined || 'error' in loaded) {
    report.error(place, `cannot be loaded: ${loaded?.error}`)
    return null
  }
  if (!isMap(loaded.value)) {
    report.error(place, 'must export a crew: export default defineCrew({ … })')
    return null
  }
  const { agents, tasks, ...settings } = loaded.value
  return {
    format: 'typescript',
    settings: toSection('crew', settings, place, report),
    agents: toGroup(agents, inside(place, 'agents'), report),
    tasks: toGroup(tasks, inside(place, 'tasks'), report),
  }
}
