import { parseEnv } from 'node:util'
import type { CrewFolder } from '../formats/format.ts'
import { listFolder } from '../formats/list-folder.ts'
import { readText } from '../formats/read-text.ts'

/** Variables of the environment by name; none of them is empty. */
export type Variables = Readonly<Record<string, string>>

const FILE = '.env'

/** What the `.env` of a folder says, for its crews alone. */
export async function ownVariables(folder: CrewFolder): Promise<Variables> {
  if (!(await listFolder(folder.dir)).includes(FILE)) return {}
  const text = await readText(folder, FILE)
  if (text === null) return {}
  const entries = Object.entries(parseEnv(text)).filter(([, value]) => value?.trim())
  return Object.fromEntries(entries) as Variables
}
