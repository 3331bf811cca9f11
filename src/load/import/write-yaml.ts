import { type CrewSource, type Group, isMap, type Section } from '../source.ts'
import { describeExample, type Example } from './kickoff-examples.ts'
import { toYaml } from './yaml-texts.ts'

/** The files of a crew in YAML, by their path in its folder. */
export function yamlFiles(
  { settings, agents, tasks }: CrewSource,
  inputs: readonly Example[],
): Readonly<Record<string, string>> {
  const own = fieldsOf(settings)
  const { inputs: defaults, ...others } = own
  const parts = [
    Object.keys(others).length === 0 ? '' : toYaml(others),
    isMap(defaults) ? toYaml({ inputs: defaults }) : '',
    describeInputs(inputs),
  ]
  return {
    'crew.yaml': parts.filter((part) => part !== '').join('\n') || '# A crew without settings.\n',
    'config/agents.yaml': toYaml(sectionsOf(agents)),
    'config/tasks.yaml': toYaml(sectionsOf(tasks)),
  }
}

function sectionsOf({ sections }: Group): Readonly<Record<string, unknown>> {
  return Object.fromEntries((sections ?? []).map((section) => [section.name, fieldsOf(section)]))
}

function fieldsOf({ fields }: Section): Readonly<Record<string, unknown>> {
  return Object.fromEntries((fields ?? []).map(({ name, value }) => [name, value]))
}

/** As comments: what a kickoff must bring is known from the texts, and of its values the project says nothing. */
function describeInputs(inputs: readonly Example[]): string {
  if (inputs.length === 0) return ''
  const lines = inputs.map((input) => `# - ${describeExample(input)}\n`)
  return `# What a kickoff must bring:\n${lines.join('')}`
}
