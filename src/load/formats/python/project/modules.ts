import { posix } from 'node:path'
import { bindingsOf } from '../interpret/names/bindings.ts'
import { createLazy } from '../interpret/names/lazy-name.ts'
import type { Module } from '../interpret/values/value.ts'
import { type Flaw, parsePython } from '../parse.ts'
import type { ProjectFiles } from './project-files.ts'

/** What a project's folder can hold, but never means. */
const FOREIGN = /^(crewai|crewai_tools|pydantic|langchain|langchain_\w+|openai|dotenv|yaml)$/

export interface Modules {
  /** Where Python would look for modules, as paths from the project's folder. */
  readonly roots: readonly string[]
  /** Undefined: not the project's. */
  readonly import: (name: string, level: number, from: Module) => Module | Flaw | undefined
  readonly open: (file: string) => Module | Flaw
}

/** The modules of a project that are imported from `main`, e.g. `src/stock_analysis/crew.py`. */
export function createModules(files: ProjectFiles, main: string): Modules {
  const roots = rootsOf(files, main)
  const opened = new Map<string, Module | Flaw>()
  const open = (file: string, name: string): Module | Flaw => {
    const known = opened.get(file)
    if (known !== undefined) return known
    const text = files.read(file)
    const why = text === null ? files.unread(file)?.why : undefined
    const module =
      why === undefined
        ? parseModule(text ?? '', file, name)
        : { at: { file, line: 1, column: 1 }, message: why }
    opened.set(file, module)
    return module
  }
  const find = (path: string, name: string): Module | Flaw | undefined => {
    const found = findFile(files, path)
    return found === null ? undefined : open(found, name)
  }
  return {
    roots,
    open: (file) => open(file, nameOf(file, roots)),
    import: (name, level, from) => {
      if (level > 0) return find(...relativeOf(name, level, from))
      if (FOREIGN.test(name.split('.')[0] ?? name)) return undefined
      const path = name.replaceAll('.', '/')
      for (const root of roots) {
        const module = find(`${root}/${path}`, name)
        if (module !== undefined) return module
      }
      return undefined
    },
  }
}

/** `src` and the folder of the project that a file is part of, and each folder from the file up to that. */
function rootsOf(files: ProjectFiles, main: string): readonly string[] {
  const parts = posix
    .dirname(main)
    .split('/')
    .filter((part) => part !== '.')
  const above = Array.from(
    { length: parts.length + 1 },
    (_, index) => parts.slice(0, parts.length - index).join('/') || '.',
  )
  const home = above.find((folder) => isProject(folder, files)) ?? '.'
  const inside = above.slice(0, above.indexOf(home) + 1)
  const source = posix.join(home, 'src')
  return [...new Set([...(files.isFolder(source) ? [source] : []), home, ...inside])]
}

function isProject(folder: string, files: ProjectFiles): boolean {
  return ['pyproject.toml', 'setup.py'].some(
    (file) => files.read(posix.join(folder, file)) !== null,
  )
}

/** `stock_analysis.crew` of `src/stock_analysis/crew.py` */
function nameOf(file: string, roots: readonly string[]): string {
  const root = roots.find((one) => one !== '.' && file.startsWith(`${one}/`))
  const inRoot = root === undefined ? file : file.slice(root.length + 1)
  return inRoot.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.')
}

/** Path and full name of what `from ..name import` means. */
function relativeOf(name: string, level: number, from: Module): readonly [string, string] {
  const folder = posix.dirname(from.syntax.file)
  const path = posix.join(folder, '../'.repeat(level - 1), name.replaceAll('.', '/'))
  const own = from.name.split('.')
  const above = own.slice(0, Math.max(0, own.length - level + (from.isPackage ? 1 : 0)))
  return [path, [...above, ...(name === '' ? [] : [name])].join('.')]
}

function findFile(files: ProjectFiles, path: string): string | null {
  const clean = posix.normalize(path)
  return [`${clean}.py`, `${clean}/__init__.py`].find((file) => files.read(file) !== null) ?? null
}

function parseModule(text: string, file: string, name: string): Module | Flaw {
  const parsed = parsePython(text, file)
  if ('flaw' in parsed) return parsed.flaw
  const { syntax } = parsed
  const isPackage = file.endsWith('/__init__.py')
  return { name, isPackage, syntax, bindings: bindingsOf(syntax.body), names: createLazy() }
}
