import { parseVariables, type Variables } from '../../crew/variables.ts'
import type { CrewFolder } from '../formats/format.ts'
import { listFolder } from '../formats/list-folder.ts'
import { readText } from '../formats/read-text.ts'

const FILE = '.env'

/** What the `.env` of a folder says, for its crews alone. What is empty is as good as not set. */
export async function ownVariables(folder: CrewFolder): Promise<Variables> {
  if (!(await listFolder(folder.dir)).includes(FILE)) return {}
  const text = await readText(folder, FILE)
  if (text === null) return {}
  const entries = Object.entries(parseVariables(text))
  return Object.fromEntries(entries.filter(([, value]) => value.trim() !== ''))
}
