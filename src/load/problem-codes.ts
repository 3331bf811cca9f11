/**
 * Everything that can be wrong with a crew's files, by a code that stays what it is. An error keeps its crew from being
 * served, a warning does not; `no-effect` is a warning of something that is read and changes nothing.
 */
export const PROBLEMS = {
  'alias-taken': ['error', 'Another name of an input means another input already.'],
  'alias-without-input': [
    'error',
    'Other names are given to an input that the crew does not have.',
  ],
  'code-broken': [
    'error',
    'A crew.ts or a tool cannot be loaded, or does not export what it must.',
  ],
  'crew-name-taken': ['error', 'Two crews would be served under the same name.'],
  'crew-renamed': ['warning', 'The name of the folder is spelled for a URL.'],
  'defined-twice': ['error', 'Several files say the same thing about a crew.'],
  'field-ignored': ['no-effect', 'Nobody knows this field, and CrewAI drops it.'],
  'field-missing': ['error', 'A field that must be there is not.'],
  'field-unknown': ['error', 'Nobody knows this field, and CrewAI refuses it.'],
  'field-unsupported': ['no-effect', 'A field of CrewAI that has no effect here yet.'],
  'file-ignored': ['no-effect', 'A file is there that nothing is read from.'],
  'file-missing': ['error', 'A file that the crew needs is not there.'],
  'file-unreadable': ['error', 'A file or folder cannot be read, or is too large.'],
  'input-untyped': ['warning', 'A default looks like a declaration of its input.'],
  'input-unused': ['warning', 'An input is declared that no text of the crew has.'],
  'key-twice': ['no-effect', 'A map has the same key twice; the last one counts, as in CrewAI.'],
  'manager-missing': ['error', 'A hierarchical crew has nobody who manages it.'],
  'manager-unused': [
    'no-effect',
    'A sequential crew names a manager, who would have nothing to do.',
  ],
  'model-unknown': ['error', 'Nothing says where a model is.'],
  'name-ignored': ['warning', 'A name that is given has no effect, because another one counts.'],
  'name-invalid': ['error', 'An agent or a task cannot be called so.'],
  'name-taken': ['error', 'Two agents, or two tasks, have the same name.'],
  'named-again': ['no-effect', 'An agent is listed twice.'],
  'no-agents': ['error', 'There is nobody who could do the tasks.'],
  'no-crew': ['warning', 'A folder holds no crew.'],
  'no-tasks': ['error', 'There is nothing to do.'],
  'python-needed': ['error', 'Only Python can tell a value, and nothing runs it.'],
  'python-untold': [
    'error',
    'What a crew.py says cannot be told without running it, or Python would refuse it.',
  ],
  'secret-ignored': ['warning', 'A secret stands in code, and is not used.'],
  'secret-in-file': [
    'error',
    'A secret stands in a file, where only the name of its variable may.',
  ],
  'several-crews': ['error', 'A folder has several crews, and none of them is asked for.'],
  syntax: ['error', 'A file is not what its format demands.'],
  'task-not-run': ['warning', 'A context names a task that the crew does not run.'],
  'task-without-agent': ['error', 'A task of a sequential crew names no agent.'],
  'tool-unknown': ['error', 'A tool is named that is not there.'],
  'tools-unusable': [
    'error',
    'Tools are given that cannot be used there, or not beside each other.',
  ],
  'unknown-agent': ['error', 'An agent is named that is not there.'],
  'unknown-task': ['error', 'A context names a task that is not there, or runs later.'],
  'value-wrong': ['error', 'A value is not of the kind that its field takes.'],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>

export type Severity = 'error' | 'warning' | 'no-effect'

export type ProblemCode = keyof typeof PROBLEMS

export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(PROBLEMS, code)
}
