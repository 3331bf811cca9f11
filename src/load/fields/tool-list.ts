import { z } from 'zod'
import type { Tool } from '../../tools/tool.ts'
import type { ProblemCode } from '../problem-codes.ts'
import { wrongValue } from '../source.ts'
import { CREWAI_TOOLS } from '../values/crewai-tools.ts'
import { isPythonReference } from '../values/python-value.ts'
import { isTool, type ToolReference, type ToolSource, toolName } from '../values/tool-source.ts'
import { nearest } from './nearest.ts'

/** A list of tools, by what they are called or as what they are; without what cannot be loaded. */
export function toolList(sources: readonly ToolSource[]) {
  const names = [...new Set(sources.flatMap((source) => source.names))].sort()
  const entry = z.unknown().transform((reference, context): readonly Tool[] => {
    // CrewAI passes over it.
    if (reference === '') return []
    if (isTool(reference)) return [reference]
    const found = isReference(reference) ? findTools(sources, reference) : undefined
    // Null is reported already.
    if (found !== undefined) return found ?? []
    context.addIssue(
      typeof reference === 'string'
        ? { code: 'custom', message: describeUnknown(reference, names), params: UNKNOWN }
        : { code: 'custom', message: wrongValue(reference, 'the name of a tool') },
    )
    return z.NEVER
  })
  const error = ({ input }: { readonly input?: unknown }) =>
    wrongValue(input, 'a list of tool names')
  return z
    .preprocess((value) => (isPythonReference(value) ? [value] : value), z.array(entry, { error }))
    .default([])
    .transform((tools) => [...new Set(tools.flat())])
}

const UNKNOWN = { code: 'tool-unknown' } as const satisfies { readonly code: ProblemCode }

function isReference(value: unknown): value is ToolReference {
  return typeof value === 'string' || isPythonReference(value)
}

function findTools(
  sources: readonly ToolSource[],
  reference: ToolReference,
): readonly Tool[] | null | undefined {
  const source = sources.find(({ find }) => find(reference) !== undefined)
  return source?.find(reference)
}

function describeUnknown(reference: string, names: readonly string[]): string {
  const name = toolName(reference)
  const meant = nearest(name, [...names, ...CREWAI_TOOLS])
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return `there is no file tools/${name}.ts or tools/${name}.py; tools of this crew: ${names.join(', ') || 'none'}${hint}`
}
