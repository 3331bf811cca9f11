import { mkdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'

/** The files of a folder that does not exist yet, by their path in it. */
export interface NewFolder {
  readonly dir: string
  readonly files: Readonly<Record<string, string>>
}

/**
 * Writes all of the folders, or none: nothing that is there is written over, and nothing goes into the project.
 *
 * @throws Error for people
 */
export async function writeFolders(folders: readonly NewFolder[], project: string): Promise<void> {
  for (const { dir } of folders) {
    if (await exists(dir))
      throw new Error(
        `${dir} is there already, and nothing was written. Choose another folder with --to, or remove it.`,
      )
    if (await isInside(dir, project))
      throw new Error(
        `${dir} is inside of the project, which is left as it is. Choose another folder with --to.`,
      )
  }
  const made: string[] = []
  try {
    for (const { dir, files } of folders) {
      await mkdir(dirname(dir), { recursive: true })
      await mkdir(dir)
      made.push(dir)
      for (const [path, text] of Object.entries(files)) {
        const file = join(dir, path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, text, { flag: 'wx' })
      }
    }
  } catch (cause) {
    await Promise.all(made.map((dir) => rm(dir, { recursive: true })))
    throw new Error('The crew cannot be written, and nothing of it was left', { cause })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function isInside(dir: string, project: string): Promise<boolean> {
  const outer = await realpath(project)
  const inner = await realOrPlanned(resolve(dir))
  return inner === outer || inner.startsWith(outer + sep)
}

/** Its real path, or that of the last folder on the way that is there, with the rest. */
async function realOrPlanned(path: string): Promise<string> {
  const parent = dirname(path)
  return realpath(path).catch(async () =>
    parent === path ? path : join(await realOrPlanned(parent), path.slice(parent.length)),
  )
}
