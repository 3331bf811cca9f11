import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CrewFolder } from './source.ts'

/** Hundreds of pages of prompts. Parsers take more than linear time on some texts, so that more is no help to anybody. */
const MAX_BYTES = 256 * 1024

/** The text of a file of a crew; null, and a problem, when there is none to be had. */
export async function readText({ dir, report }: CrewFolder, file: string): Promise<string | null> {
  const place = { file, path: [] }
  const path = join(dir, file)
  const { size } = await stat(path)
  if (size > MAX_BYTES) {
    report.error(place, 'is larger than 256 kB, the limit for a file of a crew')
    return null
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch {
    report.error(place, 'is not UTF-8 text')
    return null
  }
}
