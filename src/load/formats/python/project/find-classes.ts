import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from '../nodes.ts'
import { parsePython } from '../parse.ts'
import type { ProjectFiles } from './project-files.ts'

/** Folders deeper than this are no part of anybody's crews. */
const MAX_DEPTH = 10
/** Entries that are looked at; a project of CrewAI's has about 30. */
const MAX_ENTRIES = 5_000
const MAX_CLASSES = 50

/** What is never a crew's own code. */
const PASSED_OVER =
  /^(\..*|__pycache__|node_modules|site-packages|venv|env|virtualenv|dist|build|tests?|.*\.egg-info)$/

/** A class with `@CrewBase`, and a method with `@crew`. */
export interface ClassFound {
  /** From the folder, with forward slashes. */
  readonly file: string
  readonly name: string
}

/** The classes of a project that make crews, in the order of their files. */
export function findClasses(dir: string, files: ProjectFiles): readonly ClassFound[] {
  const found: ClassFound[] = []
  for (const file of listPython(dir)) {
    const text = files.peek(file)
    // Parsing takes a hundred times as long.
    if (text === null || !/\bCrewBase\b/.test(text) || !/@(\w+\.)*crew\b/.test(text)) continue
    found.push(...classesIn(text, file))
    if (found.length >= MAX_CLASSES) return found.slice(0, MAX_CLASSES)
  }
  return found
}

/** A file that is no Python may still be meant as a crew; what is wrong with it is said when it is read. */
function classesIn(text: string, file: string): readonly ClassFound[] {
  const parsed = parsePython(text, file)
  if ('flaw' in parsed) return guessClasses(text, file)
  const { syntax } = parsed
  return syntax.body.flatMap((statement) => {
    if (statement.nodeType !== 'ClassDef') return []
    const marks = statement.decorator_list.map((decorator) => textOf(decorator, syntax))
    const isCrew = marks.some((mark) => /(^|\.)CrewBase(\(\))?$/.test(mark))
    // A class that only lends its methods to others has no crew.
    const hasCrew = statement.bases.length > 0 || /@(\w+\.)*crew\b/.test(textOf(statement, syntax))
    return isCrew && hasCrew ? [{ file, name: statement.name }] : []
  })
}

function guessClasses(text: string, file: string): readonly ClassFound[] {
  const [, name] = /^@CrewBase\b.*\n(?:\s*@.*\n)*class\s+(\w+)/m.exec(text) ?? []
  return name === undefined ? [] : [{ file, name }]
}

/** By breadth, so that what lies far down is left out first. */
function listPython(dir: string): readonly string[] {
  const found: string[] = []
  const folders = [{ path: '', depth: 0 }]
  let entries = 0
  for (const { path, depth } of folders) {
    const inside = list(join(dir, path)).filter(({ name }) => !PASSED_OVER.test(name))
    entries += inside.length
    if (entries > MAX_ENTRIES) break
    const named = (entry: Dirent) => (path === '' ? entry.name : `${path}/${entry.name}`)
    found.push(...inside.filter(({ name }) => name.endsWith('.py')).map(named))
    // Links to folders are not followed: they may lead anywhere, and back.
    const below = depth < MAX_DEPTH ? inside.filter((entry) => entry.isDirectory()) : []
    folders.push(...below.map((entry) => ({ path: named(entry), depth: depth + 1 })))
  }
  return found.sort()
}

function list(folder: string): readonly Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}
