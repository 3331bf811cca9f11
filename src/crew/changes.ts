import { isDeepStrictEqual } from 'node:util'
import type { Agent } from './agent.ts'
import { type Definition, toolsOf } from './definition.ts'
import { declarationOf, hasDefault, inputNames, namesOf } from './inputs.ts'

/** Something that is not the same in two versions of a crew. */
export interface Change {
  readonly part: 'crew' | 'agent' | 'task' | 'tool' | 'input'
  /** Of the part, e.g. the name of the task. */
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  /** What of it has changed, sorted; empty when it was added or removed. */
  readonly fields: readonly string[]
}

/** By name, in the order of the files. */
type Parts = ReadonlyMap<string, Readonly<Record<string, unknown>>>

/** What a reader of both versions would notice. Empty when they say the same. */
export function changesBetween(before: Definition, after: Definition): readonly Change[] {
  return [
    ...compare('crew', settingsOf(before, after), settingsOf(after, before)),
    ...compare('agent', agentsOf(before), agentsOf(after)),
    ...compare('task', tasksOf(before), tasksOf(after)),
    ...compare('tool', toolsByName(before), toolsByName(after)),
    ...compare('input', inputsOf(before), inputsOf(after)),
  ]
}

function compare(part: Change['part'], before: Parts, after: Parts): readonly Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names.flatMap((name): readonly Change[] => {
    const [old, now] = [before.get(name), after.get(name)]
    if (old === undefined) return [{ part, name, change: 'added', fields: [] }]
    if (now === undefined) return [{ part, name, change: 'removed', fields: [] }]
    const fields = Object.keys({ ...old, ...now })
      .filter((field) => !isDeepStrictEqual(old[field], now[field]))
      .sort()
    return fields.length === 0 ? [] : [{ part, name, change: 'changed', fields }]
  })
}

function settingsOf(one: Definition, other: Definition): Parts {
  const { name, label, agents, tasks, managerAgent, ...others } = one
  const { inputs: _, inputAliases: __, inputDeclarations: ___, ...rest } = others
  const settings = {
    ...rest,
    version: label,
    managerAgent: managerAgent?.key ?? null,
    // Of those that both have: another one more or less is no matter of order.
    agentOrder: inBoth(keysOf(agents), keysOf(other.agents)),
    taskOrder: inBoth(namesOfAll(tasks), namesOfAll(other.tasks)),
  }
  return new Map([[name, settings]])
}

function agentsOf({ agents, managerAgent }: Definition): Parts {
  const all = managerAgent === null ? agents : [...agents, managerAgent]
  return new Map(all.map(({ key, ...agent }) => [key, withToolNames(agent)]))
}

function tasksOf({ tasks }: Definition): Parts {
  return new Map(tasks.map(({ name, ...task }) => [name, withToolNames(task)]))
}

/** Tools are found by their names, so that the first of a name is meant. */
function toolsByName(crew: Definition): Parts {
  return new Map(
    toolsOf(crew)
      .toReversed()
      .map(({ name, ...tool }) => [name, tool]),
  )
}

function inputsOf(crew: Definition): Parts {
  return new Map(
    inputNames(crew).map((name) => [
      name,
      {
        ...declarationOf(crew, name)?.schema,
        required: !hasDefault(crew, name),
        default: hasDefault(crew, name) ? crew.inputs[name] : undefined,
        aliases: namesOf(crew, name).slice(1),
        sensitive: declarationOf(crew, name)?.sensitive ?? false,
      },
    ]),
  )
}

function withToolNames<Section extends { readonly tools: Definition['agents'][0]['tools'] }>(
  section: Section,
) {
  return { ...section, tools: namesOfAll(section.tools) }
}

function keysOf(agents: readonly Pick<Agent, 'key'>[]): readonly string[] {
  return agents.map(({ key }) => key)
}

function namesOfAll(parts: readonly { readonly name: string }[]): readonly string[] {
  return parts.map(({ name }) => name)
}

function inBoth(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => others.includes(name))
}
