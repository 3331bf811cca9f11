import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Files of a crew, by their path in its folder. */
export type CrewFiles = Readonly<Record<string, string>>

/** @returns the folder they are in, for CREWS_DIR */
export function writeCrews(directory: string, crews: Readonly<Record<string, CrewFiles>>): string {
  for (const [crew, files] of Object.entries(crews))
    for (const [path, content] of Object.entries(files)) {
      const file = join(directory, 'crews', crew, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
  return join(directory, 'crews')
}
