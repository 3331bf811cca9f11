import type { PythonReference } from '../../workers/python/reference.ts'
import { crewaiTool } from './crewai-tools.ts'
import { toolName } from './tool-source.ts'

/** CrewAI takes the first class of a file, by the alphabet, also one that it imports. */
const FIRST_TOOL =
  'next(v for _, v in sorted(vars(module).items()) if isinstance(v, type) and issubclass(v, BaseTool) and v is not BaseTool)()'

const MODULE = /^[\p{L}_][\p{L}\p{N}_.]*$/u

/** A tool that is named in `tools:` and written in Python. */
export interface NamedPython {
  readonly reference: PythonReference
  /** For people, e.g. `tools/search.py, which is Python`. */
  readonly description: string
  /** The file in TypeScript that would stand in for it, without its ending. */
  readonly standIn: string
}

/**
 * What CrewAI takes a name for: a file of `tools/`, a class of a module (`my.tools:Search`), one of its own tools, or an
 * app of its platform. Null: nothing of that.
 *
 * @param files names of the Python files in `tools/`, without their ending
 * @param at where the name stands
 */
export function namedPython(
  name: string,
  files: readonly string[],
  at: string,
): NamedPython | null {
  const file = toolName(name)
  if (files.includes(file)) {
    const names = {
      module: { import: `tools.${file}` },
      BaseTool: { import: 'crewai.tools:BaseTool' },
    }
    return {
      reference: { key: `python:tools/${file}.py`, expr: FIRST_TOOL, names, at },
      description: `tools/${file}.py, which is Python`,
      standIn: file,
    }
  }
  const [module = '', qualifiedName] = name.split(':')
  if (qualifiedName === undefined) {
    const own = crewaiTool(name)
    return own === undefined
      ? null
      : {
          reference: instanceOf('crewai_tools', own, at),
          description: `CrewAI's own tool ${own}, which is Python`,
          standIn: own,
        }
  }
  if (module === 'platform') return platformTools(qualifiedName, at)
  if (module === 'custom' || !MODULE.test(module) || !MODULE.test(qualifiedName)) return null
  return {
    reference: instanceOf(module, qualifiedName, at),
    description: `${name}, which is Python`,
    standIn: qualifiedName.split('.').at(-1) ?? qualifiedName,
  }
}

function instanceOf(module: string, qualifiedName: string, at: string): PythonReference {
  const [root = ''] = qualifiedName.split('.')
  return {
    key: `python:${module}:${qualifiedName}()`,
    expr: `${qualifiedName}()`,
    names: { [root]: { import: `${module}:${root}` } },
    at,
  }
}

function platformTools(app: string, at: string): NamedPython {
  return {
    reference: {
      key: `python:platform:${app}`,
      expr: 'CrewaiPlatformTools(apps=[app])',
      names: {
        CrewaiPlatformTools: { import: 'crewai_tools:CrewaiPlatformTools' },
        app: { value: app },
      },
      at,
    },
    description: `the app ${app} of CrewAI's platform, which Python asks`,
    standIn: app,
  }
}
