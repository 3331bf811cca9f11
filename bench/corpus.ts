// Reads every crew under a folder, without running any Python, and tells how many are read whole, how many need Python
// for some of their values, and why the others are not read. With `--list` each crew is a line.
import { type Dirent, globSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import { findCrews } from '../src/load/formats/find-crews.ts'
import { createReport, type Problem } from '../src/load/problem.ts'
import { type CrewResult, readFound } from './corpus/read-found.ts'

const PASSED_OVER = /^(\..+|node_modules|site-packages|__pycache__|venv|dist)$/
/** What stands at the top of a project. */
const TOPS = ['pyproject.toml', 'setup.py', 'crew.jsonc', 'crew.json', 'crew.ts']

const [folder, ...flags] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: npm run corpus -- <folder> [--list]')
const root = resolve(folder)
const results: CrewResult[] = []
for (const dir of findProjects(root)) results.push(...(await readProject(dir)))
if (flags.includes('--list')) for (const result of results) printResult(result)
printTable(results)

/** The outermost folders that are projects, or hold the files of a crew. */
function findProjects(top: string): readonly string[] {
  const exclude = (entry: Dirent) => PASSED_OVER.test(entry.name)
  const find = (pattern: string) =>
    globSync(pattern, { cwd: top, exclude, withFileTypes: true }).map((entry) => entry.parentPath)
  const tops = find(`**/{${TOPS.join(',')}}`)
  const sources = find('**/src/*/**/*.py').map((path) => path.replace(/\/src\/.*$/, ''))
  const configs = find('**/config/agents.{yaml,yml}').map((path) => dirname(path))
  const files = find('**/crew.py')
  const marked = [...new Set([...tops, ...sources])].sort()
  const outermost = marked.filter((dir) => !marked.some((other) => isBelow(dir, other)))
  // A folder around projects is none itself, whatever lies in it.
  const loose = [...new Set([...configs, ...files])].filter(
    (dir) =>
      !outermost.some((other) => dir === other || isBelow(dir, other) || isBelow(other, dir)),
  )
  return [
    ...outermost,
    ...loose.filter((dir) => !loose.some((other) => isBelow(dir, other))),
  ].sort()
}

function isBelow(dir: string, other: string): boolean {
  return dir !== other && dir.startsWith(`${other}/`)
}

async function readProject(dir: string): Promise<readonly CrewResult[]> {
  const report = createReport(basename(dir), basename(dir))
  const found = await findCrews({ dir, report })
  const name = relative(root, dir)
  if (found.length === 0 && report.hasErrors())
    return [{ name, kind: 'not', causes: report.problems.map(describeCause), ms: 0 }]
  const read: CrewResult[] = []
  for (const one of found)
    read.push(
      await readFound(one, { dir, name: found.length === 1 ? name : `${name}: ${one.name}` }),
    )
  return read
}

function describeCause({ file, line, message }: Problem): string {
  return `${file}${line === null ? '' : `:${line}`}: ${message}`
}

function printResult({ kind, ms, name, causes }: CrewResult): void {
  console.log(`${kind.padEnd(11)} ${ms.toFixed(0).padStart(4)} ms  ${name}`)
  for (const cause of causes) console.log(`${' '.repeat(20)}${cause}`)
}

function printTable(all: readonly CrewResult[]): void {
  const times = all.map(({ ms }) => ms).sort((a, b) => a - b)
  const percent = (count: number) => `${((100 * count) / Math.max(1, all.length)).toFixed(0)} %`
  for (const kind of ['whole', 'with Python', 'not'] as const) {
    const of = all.filter((result) => result.kind === kind)
    console.log(`${kind.padEnd(12)} ${String(of.length).padStart(4)}  ${percent(of.length)}`)
    if (kind !== 'not') printCauses(of)
    else for (const { name, causes } of of) console.log(`  ${name}: ${causes.join('\n    ')}`)
  }
  const median = times[Math.floor(times.length / 2)] ?? 0
  console.log(
    `${all.length} crews, ${median.toFixed(1)} ms each (median), ${(times.at(-1) ?? 0).toFixed(0)} ms at most`,
  )
}

function printCauses(of: readonly CrewResult[]): void {
  const counts = new Map<string, number>()
  for (const cause of of.flatMap(({ causes }) => [...new Set(causes)]))
    counts.set(cause, (counts.get(cause) ?? 0) + 1)
  for (const [cause, count] of [...counts].sort((a, b) => b[1] - a[1]))
    console.log(`  ${String(count).padStart(4)}  ${cause}`)
}
