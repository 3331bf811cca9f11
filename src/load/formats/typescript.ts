import { type CrewSource, inside, isMap, toGroup, toSection } from '../source.ts'
import type { CrewReading, Format } from './format.ts'
import { listFolder } from './list-folder.ts'

const FILE = 'crew.ts'

/** A `crew.ts` that exports `defineCrew({ … })` as default. */
export const typescript: Format = {
  name: 'TypeScript',
  spell: (field) => field,
  strict: true,
  async find({ dir }) {
    const files = (await listFolder(dir)).filter((file) => file === FILE)
    return files.length === 0 ? [] : [{ name: 'crew', files, read }]
  },
}

async function read({ code, report }: CrewReading): Promise<CrewSource | null> {
  const place = { file: FILE, path: [] }
  const [loaded] = await code.load([{ key: FILE }])
  if (loaded === undefined || 'error' in loaded) {
    report.add('code-broken', place, `cannot be loaded: ${loaded?.error}`)
    return null
  }
  if (!isMap(loaded.value)) {
    report.add('code-broken', place, 'must export a crew: export default defineCrew({ … })')
    return null
  }
  const { agents, tasks, ...settings } = loaded.value
  return {
    notation: typescript,
    settings: toSection('crew', settings, place, report),
    agents: toGroup(agents, inside(place, 'agents'), report),
    tasks: toGroup(tasks, inside(place, 'tasks'), report),
  }
}
