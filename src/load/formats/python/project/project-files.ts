import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'

/** A module may import many more; a crew of a hundred agents reads about twenty. */
const MAX_FILES = 300
/** Larger files are data; what is in them is left to Python. */
const MAX_BYTES = 256 * 1024

/** The files of a project, by their paths from its folder, with forward slashes. */
export interface ProjectFiles {
  /** Null: no file, too large, no text, out of the project, or one of too many. */
  readonly read: (path: string) => string | null
  /** The same, without counting: for looking at many files and keeping none. */
  readonly peek: (path: string) => string | null
  readonly isFolder: (path: string) => boolean
}

/** @param dir real path of the project's folder, which links do not leave */
export function openProject(dir: string): ProjectFiles {
  const texts = new Map<string, string | null>()
  const kinds = new Map<string, 'file' | 'folder' | null>()
  const kindOf = (path: string) => {
    const known = kinds.get(path)
    if (known !== undefined) return known
    const kind = lookAt(dir, path)
    kinds.set(path, kind)
    return kind
  }
  return {
    isFolder: (path) => kindOf(path) === 'folder',
    peek: (path) => (kindOf(path) === 'file' ? readText(join(dir, path)) : null),
    read: (path) => {
      const known = texts.get(path)
      if (known !== undefined) return known
      if (kindOf(path) !== 'file' || texts.size >= MAX_FILES) return null
      const text = readText(join(dir, path))
      texts.set(path, text)
      return text
    },
  }
}

function lookAt(dir: string, path: string): 'file' | 'folder' | null {
  try {
    const real = realpathSync(join(dir, path))
    if (real !== dir && !real.startsWith(dir + sep)) return null
    const entry = statSync(real)
    if (entry.isDirectory()) return 'folder'
    return entry.isFile() && entry.size <= MAX_BYTES ? 'file' : null
  } catch {
    return null
  }
}

function readText(path: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch {
    return null
  }
}
