import { closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'
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
  /** Of a file that is there and is not read; null of any other. */
  readonly unread: (path: string) => Unread | null
  readonly isFolder: (path: string) => boolean
}

interface Unread {
  readonly why: string
  /** Its first 256 kB, as far as they are text. */
  readonly start: string
}

/** @param dir real path of the project's folder, which links do not leave */
export function openProject(dir: string): ProjectFiles {
  const texts = new Map<string, string | null>()
  const kinds = new Map<string, Kind>()
  const kindOf = (path: string) => {
    const known = kinds.get(path)
    if (known !== undefined) return known
    const kind = lookAt(dir, path)
    kinds.set(path, kind)
    return kind
  }
  return {
    isFolder: (path) => kindOf(path) === 'folder',
    unread: (path) => whyUnread(join(dir, path), kindOf(path)),
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

type Kind = 'file' | 'large' | 'folder' | null

function lookAt(dir: string, path: string): Kind {
  try {
    const real = realpathSync(join(dir, path))
    if (real !== dir && !real.startsWith(dir + sep)) return null
    const entry = statSync(real)
    if (entry.isDirectory()) return 'folder'
    if (!entry.isFile()) return null
    return entry.size <= MAX_BYTES ? 'file' : 'large'
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

function whyUnread(path: string, kind: Kind): Unread | null {
  if (kind === 'large')
    return { why: 'is larger than 256 kB, the limit for a file of a crew', start: readStart(path) }
  if (kind !== 'file' || readText(path) !== null) return null
  return { why: 'is not UTF-8 text; save it as UTF-8', start: readStart(path) }
}

function readStart(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(MAX_BYTES)
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, MAX_BYTES, 0))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
