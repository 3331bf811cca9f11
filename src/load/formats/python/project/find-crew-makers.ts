import { listPython } from '../../../../workers/python/list-python.ts'
import { type FunctionDef, textOf } from '../nodes.ts'
import { parsePython } from '../parse.ts'
import type { ProjectFiles } from './project-files.ts'

const MAX_FOUND = 50

/** What makes a crew. */
export interface CrewFound {
  /** From the folder, with forward slashes. */
  readonly file: string
  /** Of a class with `@CrewBase`; or of a variable that holds a crew or a function that returns one. */
  readonly name: string
  readonly kind: 'class' | 'variable' | 'function'
}

/** What makes crews in a project, in the order of its files: its classes with `@CrewBase`; without one, `Crew(…)`. */
export function findCrewMakers(dir: string, files: ProjectFiles): readonly CrewFound[] {
  const all = listPython(dir)
  const search = (words: readonly RegExp[], find: typeof classesIn) => {
    const found: CrewFound[] = []
    for (const file of all) {
      const text = files.peek(file) ?? files.unread(file)?.start
      // Parsing takes a hundred times as long.
      if (text === undefined || !words.every((word) => word.test(text))) continue
      found.push(...find(text, file))
      if (found.length >= MAX_FOUND) return found.slice(0, MAX_FOUND)
    }
    return found
  }
  const classes = search([/\bCrewBase\b/], classesIn)
  return classes.length > 0 ? classes : search([/\bcrewai\b/, /\bCrew\(/], plainCrewsIn)
}

/** A file that is no Python may still be meant as a crew; what is wrong with it is said when it is read. */
function classesIn(text: string, file: string): readonly CrewFound[] {
  const parsed = parsePython(text, file)
  if ('flaw' in parsed) return guessClasses(text, file)
  const { syntax } = parsed
  return syntax.body.flatMap((statement): readonly CrewFound[] => {
    if (statement.nodeType !== 'ClassDef') return []
    const marks = statement.decorator_list.map((decorator) => textOf(decorator, syntax))
    const isCrew = marks.some((mark) => /(^|\.)CrewBase(\(\))?$/.test(mark))
    // A class that only lends its methods to others has no crew.
    const hasCrew = statement.bases.length > 0 || /@(\w+\.)*crew\b/.test(textOf(statement, syntax))
    return isCrew && hasCrew ? [{ file, name: statement.name, kind: 'class' }] : []
  })
}

function guessClasses(text: string, file: string): readonly CrewFound[] {
  const [, name] = /^@CrewBase\b.*\n(?:\s*@.*\n)*class\s+(\w+)/m.exec(text) ?? []
  return name === undefined ? [] : [{ file, name, kind: 'class' }]
}

/** `crew = Crew(…)` at the top of a file, and functions without parameters that return one. */
function plainCrewsIn(text: string, file: string): readonly CrewFound[] {
  const parsed = parsePython(text, file)
  if ('flaw' in parsed) return []
  const { syntax } = parsed
  return syntax.body.flatMap((statement): readonly CrewFound[] => {
    if (statement.nodeType === 'Assign') {
      const [target] = statement.targets
      const isCrew = /^(\w+\.)?Crew\(/.test(textOf(statement.value, syntax))
      return isCrew && target?.nodeType === 'Name'
        ? [{ file, name: target.id, kind: 'variable' }]
        : []
    }
    if (statement.nodeType !== 'FunctionDef' || needsArguments(statement)) return []
    const body = textOf(statement, syntax)
    const isMaker = /\bCrew\(/.test(body) && /\breturn\s+(\w+\.)?(Crew\(|\w+\s*$)/m.test(body)
    return isMaker ? [{ file, name: statement.name, kind: 'function' }] : []
  })
}

function needsArguments({
  args: { args, posonlyargs = [], defaults, kwonlyargs = [] },
}: FunctionDef): boolean {
  return args.length + posonlyargs.length > defaults.length || kwonlyargs.length > 0
}
