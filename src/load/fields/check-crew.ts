import type { z } from 'zod'
import type { Agent } from '../../crew/agent.ts'
import type { Crew } from '../../crew/crew.ts'
import type { Task } from '../../crew/task.ts'
import { messageOf } from '../../errors.ts'
import type { Tool } from '../../tools/tool.ts'
import { createToolbox, toAgentTool } from '../../tools/toolbox.ts'
import type { Place, Report } from '../problem.ts'
import {
  type CrewSource,
  describeValue,
  type Group,
  inside,
  isName,
  type Notation,
  type Section,
} from '../source.ts'
import { deepFreeze } from '../values/deep-freeze.ts'
import type { ToolSource } from '../values/tool-source.ts'
import { checkAliases } from './check-aliases.ts'
import { agentSchema, crewSchema, taskSchema } from './crew-schema.ts'
import { AGENT, CREW, TASK } from './fields.ts'
import { checkInputs } from './inputs/check-inputs.ts'
import { chosenModel, type ModelChecking } from './llm/check-model.ts'
import { readSection } from './read-section.ts'

interface Checking extends ModelChecking {
  readonly toolSources: readonly ToolSource[]
}

type Settings = z.output<ReturnType<typeof crewSchema>>

/** The crew that its files describe, deeply frozen; null when something is wrong, all of which is reported. */
export function checkCrew(
  name: string,
  source: CrewSource,
  toolSources: readonly ToolSource[],
  { report, checkModel }: Pick<Checking, 'report' | 'checkModel'>,
): Crew | null {
  const { notation } = source
  const checking = { notation, toolSources, report, checkModel }
  checkNames(source.agents, report)
  checkNames(source.tasks, report)
  const settings = checkSettings(source, checking)
  const agents = checkAgents(source.agents, settings?.managerAgent ?? null, checking)
  const tasks = checkTasks(source, settings, checking)
  const managerPlace = placeOf(source.settings, 'managerLlm', notation)
  const managerLlm = chosenModel(settings?.managerLlm, managerPlace, checking)
  if (settings === null || report.hasErrors()) return null
  const { description, version, process, inputs, inputAliases, managerAgent } = settings
  const { modelRetryHorizonSeconds: horizon } = settings
  const crew: Crew = deepFreeze({
    name,
    description,
    label: version,
    agents: agents.filter(({ key }) => key !== managerAgent),
    tasks,
    process,
    managerLlm,
    managerAgent: agents.find(({ key }) => key === managerAgent) ?? null,
    inputs: inputs.defaults,
    inputDeclarations: inputs.declarations,
    inputAliases,
    retryHorizonMs: horizon === null ? null : horizon * 1000,
  })
  checkInputs(crew, placeOf(source.settings, 'inputs', notation), report)
  checkAliases(crew, placeOf(source.settings, 'inputAliases', notation), report)
  return report.hasErrors() ? null : crew
}

function checkSettings(
  { settings: section, agents, notation }: CrewSource,
  checking: Checking,
): Settings | null {
  const settings = readSection(section, CREW, crewSchema(keysOf(agents), notation), checking)
  if (settings === null) return null
  const isManaged = settings.managerAgent !== null || settings.managerLlm !== undefined
  if (settings.process === 'sequential' && isManaged)
    checking.report.add(
      'manager-unused',
      placeOf(section, settings.managerAgent === null ? 'managerLlm' : 'managerAgent', notation),
      'has no effect, because only a crew with process: hierarchical has a manager',
    )
  return settings
}

function checkAgents(
  { place, sections }: Group,
  managerKey: string | null,
  checking: Checking,
): readonly Agent[] {
  if (sections?.every(({ name }) => name === managerKey))
    checking.report.add('no-agents', place, 'has no agents that could do the tasks')
  return (sections ?? []).flatMap((section) => {
    const agent = readSection(section, AGENT, agentSchema(checking.toolSources), checking)
    if (agent === null) return []
    if (section.name === managerKey && agent.tools.length > 0)
      checking.report.add(
        'tools-unusable',
        placeOf(section, 'tools', checking.notation),
        'a manager agent may not have tools; give them to the agents that it delegates to',
      )
    checkToolbox(section, agent.tools, checking)
    const llm = chosenModel(agent.llm, placeOf(section, 'llm', checking.notation), checking)
    return [{ ...agent, key: section.name, llm }]
  })
}

function checkTasks(
  { agents, tasks: { place, sections } }: CrewSource,
  settings: Settings | null,
  checking: Checking,
): readonly Task[] {
  if (sections?.length === 0) checking.report.add('no-tasks', place, 'has no tasks')
  const names = (sections ?? []).map(({ name }) => name)
  return (sections ?? []).flatMap((section, position) => {
    const schema = taskSchema({
      // Broken settings are reported already, and shall not make every task wrong as well.
      process: settings?.process ?? 'hierarchical',
      agents: keysOf(agents),
      manager: settings?.managerAgent ?? null,
      task: section.name,
      earlierTasks: names.slice(0, position),
      laterTasks: names.slice(position + 1),
      toolSources: checking.toolSources,
    })
    const task = readSection(section, TASK, schema, checking)
    if (task === null) return []
    if (task.name !== section.name)
      checking.report.add(
        'name-ignored',
        placeOf(section, 'name', checking.notation),
        `is ignored: a task is called like its key, ${section.name}`,
      )
    checkToolbox(section, task.tools, checking)
    return [{ ...task, name: section.name, context: task.context ?? null }]
  })
}

/** A run would find it only when the agent is at work. */
function checkToolbox(
  section: Section,
  tools: readonly Tool[],
  { notation, report }: Checking,
): void {
  try {
    createToolbox(tools.map(toAgentTool))
  } catch (error) {
    const place = placeOf(section, 'tools', notation)
    report.add('tools-unusable', place, `cannot be used: ${messageOf(error)}`)
  }
}

function checkNames({ sections }: Group, report: Report): void {
  const seen = new Set<string>()
  for (const { name, place } of sections ?? []) {
    if (!isName(name))
      report.add(
        'name-invalid',
        place,
        `cannot be called ${describeValue(name)}; a name starts with a letter and has letters, digits, spaces, and . _ - only`,
      )
    if (seen.has(name))
      report.add('name-taken', place, `has the name ${describeValue(name)}, which is taken`)
    seen.add(name)
  }
}

/** Where a field is, which may be another file than its section's. */
function placeOf({ fields, place }: Section, field: string, { spell }: Notation): Place {
  const name = spell(field)
  return fields?.findLast((one) => one.name === name)?.place ?? inside(place, name)
}

function keysOf({ sections }: Group): readonly string[] | null {
  return sections?.map(({ name }) => name) ?? null
}
