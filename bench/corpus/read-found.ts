import { checkCrew } from '../../src/load/fields/check-crew.ts'
import type { Found } from '../../src/load/formats/format.ts'
import { createReport, type Problem } from '../../src/load/problem.ts'
import { type CrewSource, isMap } from '../../src/load/source.ts'
import { withPythonModels } from '../../src/load/values/python-models.ts'
import type { PythonCode } from '../../src/load/values/python-tools.ts'
import { isPythonReference } from '../../src/load/values/python-value.ts'
import type { ToolSource } from '../../src/load/values/tool-source.ts'
import type { Tool } from '../../src/tools/tool.ts'
import type { CrewCode } from '../../src/workers/crew-code.ts'

export interface CrewResult {
  readonly name: string
  readonly kind: 'whole' | 'with Python' | 'not'
  /** What needs Python, by kind; or what is wrong. */
  readonly causes: readonly string[]
  readonly ms: number
}

/** No TypeScript is loaded either: what counts is what the files say. */
const NO_CODE: CrewCode = { load: async () => [], stop: async () => undefined } as never

/** Takes every tool for one that is there. */
const ANY_TOOL: ToolSource = {
  names: [],
  find: (reference) => [
    toolCalled(isMap(reference) ? String(reference['key']) : String(reference)),
  ],
}

/** Takes every model that only Python can tell for one that it tells. */
const ANY_MODEL: Pick<PythonCode, 'load'> = {
  load: async (references) => references.map(({ key }) => ({ key, value: 'openai/any' })),
}

function toolCalled(key: string): Tool {
  const name = key.replaceAll(/\W+/g, '_').slice(-60)
  return { key, name, description: '', parameters: { schema: {} } } as never
}

/** Reads one crew, and checks it as if every tool of it could be loaded. */
export async function readFound(
  found: Found,
  { dir, name }: { readonly dir: string; readonly name: string },
): Promise<CrewResult> {
  const report = createReport('crew', '')
  const before = performance.now()
  const source = await found.read({ dir, report, code: NO_CODE })
  const ms = performance.now() - before
  // Which models can be used is a matter of the machine.
  const checks = { report, checkModel: () => null }
  if (source !== null)
    checkCrew('crew', await withPythonModels(source, ANY_MODEL, report), [ANY_TOOL], checks)
  const errors = report.problems.filter(({ severity }) => severity === 'error')
  if (source === null || errors.length > 0)
    return { name, kind: 'not', causes: errors.map(describeCause), ms }
  const causes = causesOf(source)
  return { name, kind: causes.length === 0 ? 'whole' : 'with Python', causes, ms }
}

function describeCause({ file, line, key, message }: Problem): string {
  return `${file}${line === null ? '' : `:${line}`}: ${key ?? ''}: ${message}`
}

function causesOf({ settings, agents, tasks }: CrewSource): readonly string[] {
  const sections = [settings, ...(agents.sections ?? []), ...(tasks.sections ?? [])]
  return sections.flatMap(({ fields }) =>
    (fields ?? []).flatMap(({ name, value }) =>
      inValue(value).flatMap((known) => causeOf(name, known)),
    ),
  )
}

function inValue(value: unknown): readonly object[] {
  if (isPythonReference(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(inValue)
  return isMap(value) ? Object.values(value).flatMap(inValue) : []
}

/** Nothing: it is known without Python, such as CrewAI's own tools and classes of pydantic without validators. */
function causeOf(field: string, reference: object): readonly string[] {
  const known =
    isMap(reference) && 'known' in reference && isMap(reference['known']) ? reference['known'] : {}
  switch (known['kind']) {
    case 'object':
      return known['arguments'] === null || !/^crewai/.test(String(known['class']))
        ? [`${field}: an object of a library`]
        : []
    case 'model':
      if (known['schema'] === null) return [`${field}: a class that pydantic alone can tell`]
      return known['hasValidators'] === true ? [`${field}: a model with validators`] : []
    case 'tool':
      return ["tools: tools of the project's own"]
    case 'function':
      return [`${field}: a function`]
    default:
      return [`${field}: a value that only Python can tell`]
  }
}
