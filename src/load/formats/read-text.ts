import { isUtf8 } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../errors.ts'
import type { CrewFolder } from './format.ts'

/** Hundreds of pages of prompts. Parsers take more than linear time on some texts, so that more is no help to anybody. */
const MAX_BYTES = 256 * 1024

/** The text of a file of a crew; null, and a problem, when there is none to be had. */
export async function readText({ dir, report }: CrewFolder, file: string): Promise<string | null> {
  const fail = (message: string) => {
    report.add('file-unreadable', { file, path: [] }, message)
    return null
  }
  const path = join(dir, file)
  const entry = await stat(path)
  if (!entry.isFile()) return fail('is not a file')
  if (entry.size > MAX_BYTES) return fail('is larger than 256 kB, the limit for a file of a crew')
  const bytes = await readFile(path).catch((error: unknown) => messageOf(error))
  if (typeof bytes === 'string') return fail(`cannot be read: ${bytes}`)
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : fail('is not UTF-8 text')
}
