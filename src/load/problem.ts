import { PROBLEMS, type ProblemCode } from './problem-codes.ts'

/** What is wrong with a crew's files. A crew with an error is not served; a warning changes nothing. */
export interface Problem extends Occurrence {
  readonly code: ProblemCode
  readonly severity: 'error' | 'warning'
  /** Name of the crew, or of the folder when it is about all of that. */
  readonly crew: string
  /** What is wrong, and after a semicolon mostly what to do. */
  readonly message: string
  /** Where the same is wrong with the same field, from the same cause. */
  readonly also: readonly Occurrence[]
}

export interface Occurrence {
  /** Relative to the folder of crews, with forward slashes. */
  readonly file: string
  /** Counted from 1; null: about the file as a whole, or not known. */
  readonly line: number | null
  readonly column: number | null
  /** Where in the file, e.g. `research_task.agent` or `tasks[0].tools[1]`; null: the file as a whole. */
  readonly key: string | null
}

/** Keys and list positions, from the top of a file. */
export type Path = readonly (string | number)[]

/** In a text, both counted from 1. A column counts UTF-16 units, as editors do. */
export interface Position {
  /** When it is another than that of the place: a value may be put together from several. */
  readonly file?: string
  readonly line: number
  readonly column: number
}

/**
 * Where a value is: a file, relative to the crew's folder, and a path in it. A format that reads several files gives
 * every value a place in its own.
 */
export interface Place {
  readonly file: string
  /** What people call the value, e.g. `agents.researcher.tools[0]`. */
  readonly path: Path
  /**
   * Where in the text a value is; for one that is not there, where what would hold it is. Asked only when there is
   * something to report, so that it may be slow. Absent: nobody knows.
   *
   * @param path of a value of this place: its own, or a longer one
   */
  readonly locate?: (path: Path) => Position | null
}

/** Collects the problems of one crew, or of one folder. */
export interface Report {
  readonly problems: readonly Problem[]
  hasErrors(): boolean
  /** @param message what is wrong, and after a semicolon what to do, e.g. `is missing; it must be a text` */
  add(code: ProblemCode, place: Place, message: string): void
}

/**
 * @param crew its name; of a folder as a whole that of the folder
 * @param folder the name of its folder
 * @param hide takes out of a message what must not be printed
 */
export function createReport(
  crew: string,
  folder: string,
  hide = (message: string): string => message,
): Report {
  const problems: Recorded[] = []
  const byCause = new Map<string, Recorded>()
  return {
    problems,
    hasErrors: () => problems.some(({ severity }) => severity === 'error'),
    add(code, place, whole) {
      const message = hide(whole)
      const occurrence = occurrenceAt(place, folder)
      const cause = JSON.stringify([code, message, place.path.findLast(isKey) ?? place.file])
      const known = byCause.get(cause)
      if (known !== undefined) {
        known.also.push(occurrence)
        return
      }
      const severity = PROBLEMS[code][0] === 'error' ? 'error' : 'warning'
      const problem: Recorded = { code, severity, crew, ...occurrence, message, also: [] }
      problems.push(problem)
      byCause.set(cause, problem)
    },
  }
}

interface Recorded extends Problem {
  readonly also: Occurrence[]
}

function occurrenceAt({ file, path, locate }: Place, folder: string): Occurrence {
  const position = locate?.(path) ?? null
  const own = position?.file ?? file
  return {
    file: own === '' ? folder : `${folder}/${own}`,
    line: position?.line ?? null,
    column: position?.column ?? null,
    key: path.length === 0 ? null : renderPath(path),
  }
}

function isKey(part: string | number): part is string {
  return typeof part === 'string'
}

/** Whether something that the files say changes nothing. */
export function hasNoEffect({ code }: Problem): boolean {
  return PROBLEMS[code][0] === 'no-effect'
}

/** Whether a problem keeps people from a crew, or from one of a folder. */
export function isAbout({ crew, file }: Problem, name: string): boolean {
  return crew === name || file === name || file.startsWith(`${name}/`)
}

/** File and line of a place, relative to the crew's folder. */
export function describeAt({ file, path, locate }: Place): string {
  const position = locate?.(path) ?? null
  return position === null ? file : `${position.file ?? file}:${position.line}`
}

/** Occurrences that a line lists; the others are counted. */
const MAX_LISTED = 4

/** Puts a text into a colour of `util.styleText`. */
export type Paint = (style: 'red' | 'yellow' | 'bold' | 'cyan' | 'dim', text: string) => string

/**
 * A line, e.g.
 * `error: research/config/tasks.yaml:12:10: research_task.agent: there is no agent "bob"; … [unknown-agent]`.
 */
export function describeProblem(problem: Problem): string {
  return paintProblem(problem, (_, text) => text)
}

/** The same, in colours. */
export function paintProblem(problem: Problem, paint: Paint): string {
  const { severity, key, message, code } = problem
  const parts = [
    paint(severity === 'error' ? 'red' : 'yellow', severity),
    paint('bold', plain(describePlace(problem))),
    ...(key === null ? [] : [paint('cyan', plain(key))]),
    plain(message + describeAlso(problem)),
  ]
  return `${parts.join(': ')} ${paint('dim', `[${code}]`)}`
}

/** What a file or an exception of Python's says may be meant for a terminal, and stays one line. */
function plain(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').replaceAll(/\p{Cc}/gu, '\uFFFD')
}

/** `research/config/tasks.yaml:12:10`, as editors and terminals open it. */
function describePlace({ file, line, column }: Occurrence): string {
  return line === null ? file : `${file}:${line}:${column}`
}

/** Where else, in parentheses; empty when it is nowhere else. */
function describeAlso({ file, also }: Problem): string {
  if (also.length === 0) return ''
  const listed = also.slice(0, MAX_LISTED).map((one) => {
    const place = one.file === file && one.line !== null ? `line ${one.line}` : describePlace(one)
    return one.key === null ? place : `${one.key}, ${place}`
  })
  const others = also.length - listed.length
  return ` (also ${[...listed, ...(others > 0 ? [`${others} more`] : [])].join('; ')})`
}

function renderPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}
