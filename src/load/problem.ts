/** What is wrong with a crew's files. A crew with an error is not served; a warning changes nothing. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** Name of the crew's folder. */
  readonly crew: string
  /** Relative to the folder of crews, with forward slashes. */
  readonly file: string
  /** Where in the file, e.g. `research_task.agent` or `tasks[0].tools[1]`; null: the file as a whole. */
  readonly key: string | null
  readonly message: string
}

/** Keys and list positions, from the top of a file. */
export type Path = readonly (string | number)[]

/** Where a problem is: a file, relative to the crew's folder, and a path in it. */
export interface Place {
  readonly file: string
  readonly path: Path
}

/** Collects the problems of one crew. */
export interface Report {
  readonly problems: readonly Problem[]
  hasErrors(): boolean
  error(place: Place, message: string): void
  warning(place: Place, message: string): void
}

export function createReport(crew: string): Report {
  const problems: Problem[] = []
  const add = (severity: Problem['severity'], { file, path }: Place, message: string) => {
    const key = path.length === 0 ? null : renderPath(path)
    problems.push({ severity, crew, file: file === '' ? crew : `${crew}/${file}`, key, message })
  }
  return {
    problems,
    hasErrors: () => problems.some(({ severity }) => severity === 'error'),
    error: (place, message) => add('error', place, message),
    warning: (place, message) => add('warning', place, message),
  }
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
