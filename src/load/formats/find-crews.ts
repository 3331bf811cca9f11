import { join } from 'node:path'
import type { CrewFolder, Format, Found } from './format.ts'
import { FORMATS } from './formats.ts'
import { listFolder } from './list-folder.ts'

const FOLDER = { file: '', path: [] }

/** The crews of a folder; none, and a problem, when there are none or they are defined twice. */
export async function findCrews(
  folder: CrewFolder,
  formats: readonly Format[] = FORMATS,
): Promise<readonly Found[]> {
  const all = await Promise.all(formats.map((format) => format.find(folder)))
  const used = all
    .map((own) =>
      own.filter((crew) => !all.some((others) => others !== own && hasAll(others, crew))),
    )
    .filter((crews) => crews.length > 0)
  if (used.length === 1) return used.flat()
  if (used.length > 1) {
    const files = used.flat().flatMap((crew) => crew.files)
    folder.report.add(
      'defined-twice',
      FOLDER,
      `is defined more than once, by ${files.join(' and ')}; keep the files of one format`,
    )
  } else if (!folder.report.hasErrors())
    folder.report.add('no-crew', FOLDER, await describeMissing(folder.dir))
  return []
}

/** Whether crews of another format are written in the files of this one, too. */
function hasAll(others: readonly Found[], { files }: Found): boolean {
  const theirs = others.flatMap((other) => other.files)
  return files.length < theirs.length && files.every((file) => theirs.includes(file))
}

const NEEDED =
  'it needs config/agents.yaml and config/tasks.yaml, or crew.jsonc and agents/, or crew.ts'

/** What is missing, by what is there. */
async function describeMissing(dir: string): Promise<string> {
  const present = await listFolder(dir)
  if (present.includes('agents') && (await listFolder(join(dir, 'agents'))).some(isJson))
    return 'has agents/, and no crew.jsonc beside it that lists them and has the tasks; make one'
  if (present.some(isConfig))
    return "has CrewAI's YAML outside of config/; put agents.yaml and tasks.yaml into config/"
  const folder = await findConfig(dir, present)
  return folder === null
    ? `holds no crew; ${NEEDED}`
    : `has ${folder}, and no crew.py with a class that makes a crew of it; copy or link it here, as config/`
}

/** CrewAI's YAML where its projects have it. */
async function findConfig(dir: string, present: readonly string[]): Promise<string | null> {
  const packages = present.includes('src') ? await listFolder(join(dir, 'src')) : []
  for (const name of packages)
    if ((await listFolder(join(dir, 'src', name, 'config'))).some(isConfig))
      return `src/${name}/config/`
  return null
}

function isConfig(file: string): boolean {
  return /^(agents|tasks)\.ya?ml$/.test(file)
}

function isJson(file: string): boolean {
  return /\.jsonc?$/.test(file)
}
