import { describeMissing } from './describe-missing.ts'
import type { CrewFolder, Format, Found } from './format.ts'
import { FORMATS } from './formats.ts'

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
