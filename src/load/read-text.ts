import { isUtf8 } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../errors.ts'
import type { CrewFolder } from './source.ts'

/** Hundreds of pages of prompts. Parsers take more than linear time on some texts, so that more is no help to anybody. */
const MAX_BYTES = 256 * 1024

/** The text of a file of a crew; null, and a problem, when there is none to be had. */
export async function readText({ dir, report }: CrewFolder, file: string): Promise<string | null> {
  const place = { file, path: [] }
  const path = join(dir, file)
  const entry = await stat(path)
  if (!entry.isFile()) {
    report.error(place, 'is not a file')
    return null
  }
  if (entry.size > MAX_BYTES) {
    report.error(place, 'is larger than 256 kB, the limit for a file of a crew')
    return null
  }
  const bytes = await readFile(path).catch((error: unknown) => messageOf(error))
  if (typeof bytes !== 'string' && isUtf8(bytes)) return new TextDecoder().decode(bytes)
  report.error(place, typeof bytes === 'string' ? `cannot be read: ${bytes}` : 'is not UTF-8 text')
  return null
}
