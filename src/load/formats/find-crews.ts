import type { CrewFolder, Found } from './format.ts'
import { FORMATS } from './formats.ts'

const FOLDER = { file: '', path: [] }

/** The crews of a folder; none, and a problem, when there are none or they are defined twice. */
export async function findCrews(folder: CrewFolder): Promise<readonly Found[]> {
  const all = await Promise.all(FORMATS.map((format) => format.find(folder)))
  const found = all.map((crews) => crews.filter((crew) => !isPartOfAnother(crew, all.flat())))
  const used = found.filter((crews) => crews.length > 0)
  if (used.length === 1) return used.flat()
  if (used.length > 1) {
    const files = used.flat().flatMap((crew) => crew.files)
    folder.report.add(
      'defined-twice',
      FOLDER,
      `is defined more than once, by ${files.join(' and ')}; keep the files of one format`,
    )
  } else if (!folder.report.hasErrors())
    folder.report.add(
      'no-crew',
      FOLDER,
      'holds no crew; it needs config/agents.yaml and config/tasks.yaml, or crew.jsonc and agents/, or crew.ts',
    )
  return []
}

function isPartOfAnother(crew: Found, all: readonly Found[]): boolean {
  return all.some(
    ({ files }) =>
      files.length > crew.files.length && crew.files.every((file) => files.includes(file)),
  )
}
