import { PROBLEMS, type ProblemCode } from './problem-codes.ts'

/** What is wrong with a crew's files. A crew with an error is not served; a warning changes nothing. */
export interface Problem {
  readonly code: ProblemCode
  readonly severity: 'error' | 'warning'
  /** Name of the crew, or of the folder when it is about all of that. */
  readonly crew: string
  /** Relative to the folder of crews, with forward slashes. */
  readonly file: string
  /** Counted from 1; null: about the file as a whole, or not known. */
  readonly line: number | null
  readonly column: number | null
  /** Where in the file, e.g. `research_task.agent` or `tasks[0].tools[1]`; null: the file as a whole. */
  readonly key: string | null
  readonly message: string
}

/** Keys and list positions, from the top of a file. */
export type Path = readonly (string | number)[]

/** In a text, both counted from 1. A column counts UTF-16 units, as editors do. */
export interface Position {
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
 */
export function createReport(crew: string, folder: string): Report {
  const problems: Problem[] = []
  return {
    problems,
    hasErrors: () => problems.some(({ severity }) => severity === 'error'),
    add(code, { file, path, locate }, message) {
      const position = locate?.(path) ?? null
      problems.push({
        code,
        severity: PROBLEMS[code][0] === 'error' ? 'error' : 'warning',
        crew,
        file: file === '' ? folder : `${folder}/${file}`,
        line: position?.line ?? null,
        column: position?.column ?? null,
        key: path.length === 0 ? null : renderPath(path),
        message,
      })
    },
  }
}

/** Whether a problem keeps people from a crew, or from one of a folder. */
export function isAbout({ crew, file }: Problem, name: string): boolean {
  return crew === name || file === name || file.startsWith(`${name}/`)
}

/** One line, e.g. `error: research/config/tasks.yaml: research_task.agent: there is no agent "bob"`. */
export function describeProblem({ severity, file, key, message }: Problem): string {
  return [severity, file, ...(key === null ? [] : [key]), message].join(': ')
}

function renderPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}
