import { describeAt, hasNoEffect } from '../problem.ts'
import type { ImportedCrew } from './import-project.ts'
import type { LeftOut } from './separate.ts'
import type { ToolStub } from './tool-stubs.ts'
import { describeOrigin } from './typescript/write-stub.ts'

/**
 * What is left to do before the crew does what its project did, in the order to do it, a line each.
 *
 * @param dir where the crew was written, as people open its files
 */
export function describeLeft(imported: ImportedCrew, dir: string): readonly string[] {
  const { stubs, leftOut, secrets } = imported
  const lines = [
    ...[...secrets.hidden].map(
      ([name, path]) =>
        `set ${name} in the environment, or in ${dir}/.env: it was written out in ${path.join('.')}, and is not copied`,
    ),
    ...stubs.map((stub) => describeStub(stub, dir)),
    ...leftOut.map(describeLeftOut),
  ]
  return lines.map((line) => secrets.hideIn(line))
}

/** What changes nothing here, or nothing at all. */
export function describeWithoutEffect({ problems, unknown }: ImportedCrew): readonly string[] {
  const unsupported = problems.filter(hasNoEffect).flatMap(({ also, ...first }) => [first, ...also])
  return [
    ...unsupported.map(
      ({ key, file, line }) =>
        `${key} (${file.replace(/^[^/]*\//, '')}:${line}): has no effect yet`,
    ),
    ...unknown.map(
      ({ noun, place }) =>
        `${place.path.join('.')} (${describeAt(place)}): is no field of ${noun}, and left out`,
    ),
  ]
}

function describeStub(stub: ToolStub, dir: string): string {
  const { name, description, parameters } = stub
  const parts = [
    ...(description === null ? ['description'] : []),
    ...(parameters === null ? ['parameters'] : []),
    'execute',
  ]
  return `write ${parts.join(', ')} in ${dir}/tools/${name}.ts: it stands for ${describeOrigin(stub)}`
}

function describeLeftOut({ field, place, reference }: LeftOut): string {
  const path = place.path.join('.')
  const what = `\`${reference.expr}\`, at ${reference.at}`
  return `${path} (${describeAt(place)}): ${meaning(field)} ${what}; ${instead(field)}`
}

const MEANINGS: readonly (readonly [RegExp, meaning: string, instead: string])[] = [
  [/guardrail/, 'its check is', 'crew files cannot hold a check yet: say it in expected_output'],
  [
    /^output_|response_model/,
    'its output has the form of',
    'crew files cannot hold a form yet: say it in expected_output',
  ],
  [/llm$/, 'its model is', 'write the model as llm: provider/model, or as a map'],
  [/^condition$/, 'it runs only if', 'here it runs always'],
  [/callback/, 'it calls', 'crew files cannot hold a call yet'],
  [/knowledge/, 'it knows', 'crew files cannot hold knowledge yet'],
]

function meaning(field: string): string {
  return MEANINGS.find(([pattern]) => pattern.test(field))?.[1] ?? 'it is'
}

function instead(field: string): string {
  return (
    MEANINGS.find(([pattern]) => pattern.test(field))?.[2] ??
    'crew files cannot hold it, and it is left out'
  )
}
