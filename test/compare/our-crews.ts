import { realpathSync } from 'node:fs'
import { findCrews } from '../../src/load/formats/find-crews.ts'
import { crewNames } from '../../src/load/formats/python/project/crew-names.ts'
import { createReport, describeProblem } from '../../src/load/problem.ts'
import type { CrewSource, Section } from '../../src/load/source.ts'
import type { ExpectedProject } from './expected-projects.ts'
import { firstDifference } from './tally.ts'

/** What we read of a project, written as `dump_crews.py` writes what CrewAI builds of it. */
interface OurCrews {
  /** By the name that tells a crew from the others of its folder, e.g. `poem` for `PoemCrew`. */
  readonly crews: ReadonlyMap<string, Compact>
  /** A line each, errors alone. */
  readonly problems: readonly string[]
}

/** Without what says nothing. */
type Compact = Readonly<Record<string, unknown>>

/**
 * What is different between a project's crews and ours, a line each.
 *
 * @param theirs as they are written down, or as CrewAI built them
 */
export async function differences(
  { folder, spelled = {}, schemasUnread = false }: ExpectedProject,
  theirs: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const { crews, problems } = await ourCrews(folder)
  const names = Object.keys(theirs)
  const missing = [...crews.keys()].length - names.length
  return [
    ...problems,
    ...(missing === 0
      ? []
      : [`ours are ${[...crews.keys()].join(', ')}, theirs ${names.join(', ')}`]),
    ...names.flatMap((name) => {
      const ours = crews.size === 1 ? [...crews.values()][0] : crews.get(shortName(name))
      const alike = withTheirNames(ours, theirs[name] as Compact, spelled)
      return firstDifference(alike, comparable(theirs[name] as Compact, schemasUnread), name) ?? []
    }),
  ]
}

function shortName(name: string): string {
  return crewNames([{ name, file: '', kind: 'class' }])[0] ?? name
}

/** An agent that no method makes has a name with us alone. */
function withTheirNames(
  ours: Compact | undefined,
  theirs: Compact,
  spelled: Readonly<Record<string, string>>,
): unknown {
  const rename = (agent: Compact | undefined, other: Compact | undefined) => {
    if (agent === undefined) return agent
    const tools = listOf(agent['tools']).map((tool) => spelled[String(tool)] ?? tool)
    const name = other?.['name'] === undefined ? undefined : agent['name']
    return compact({ ...agent, tools, name })
  }
  const others = listOf(theirs['agents'])
  const agents = listOf(ours?.['agents']).map((agent, index) =>
    rename(agent as Compact, others[index] as Compact | undefined),
  )
  const manager = rename(ours?.['manager'] as Compact | undefined, theirs['manager'] as Compact)
  return { ...ours, agents, ...(manager === undefined ? {} : { manager }) }
}

/** A context that the crew does not run gives nothing. */
function comparable(crew: Compact, schemasUnread: boolean): Compact {
  const tasks = listOf(crew['tasks']) as readonly Compact[]
  const names = new Set(tasks.map(({ name }) => name))
  return {
    ...crew,
    tasks: tasks.map(({ context, output, ...task }) => {
      const { schema, ...rest } = (output ?? {}) as Compact
      return compact({
        ...task,
        context: listOf(context).filter((name) => names.has(name)),
        output: compact(schemasUnread ? rest : { ...rest, schema }),
      })
    }),
  }
}

async function ourCrews(folder: string): Promise<OurCrews> {
  const dir = realpathSync(folder)
  const report = createReport('crew', 'crew')
  const found = await findCrews({ dir, report })
  const crews = new Map<string, Compact>()
  for (const one of found) {
    const reading = { dir, report, code: neverNeeded() }
    const source = await one.read(reading)
    if (source !== null) crews.set(one.name, describeCrew(source))
  }
  const errors = report.problems.filter(({ severity }) => severity === 'error')
  return { crews, problems: errors.map(describeProblem) }
}

/** The code of crews in TypeScript, of which there is none here. */
function neverNeeded(): never {
  return undefined as never
}

function describeCrew({ settings, agents, tasks }: CrewSource): Compact {
  const crew = fieldsOf(settings)
  const people = agents.sections ?? []
  const manager = people.find(({ name }) => name === crew['manager_agent'])
  return compact({
    process: crew['process'] ?? 'sequential',
    agents: people.filter((one) => one !== manager).map(describeAgent),
    tasks: (tasks.sections ?? []).map((one) => describeTask(one, people, tasks.sections ?? [])),
    manager: manager === undefined ? null : describeAgent(manager),
    managerLlm: describeLlm(crew['manager_llm']),
    memory: crew['memory'],
    planning: crew['planning'],
    planningLlm: crew['planning'] === true ? describeLlm(crew['planning_llm']) : null,
    knowledge: listOf(crew['knowledge_sources']).map(nameOf),
    maxRpm: resolved(crew['max_rpm']),
    stepCallback: nameOf(crew['step_callback']),
    taskCallback: nameOf(crew['task_callback']),
    beforeKickoff: listOf(crew['before_kickoff_callbacks']).map(nameOf),
    afterKickoff: listOf(crew['after_kickoff_callbacks']).map(nameOf),
  })
}

function describeAgent(section: Section): Compact {
  const agent = fieldsOf(section)
  const { settings } = agent
  const all = { ...(settings as object | undefined), ...agent } as Compact
  return compact({
    name: section.name,
    role: all['role'],
    goal: all['goal'],
    backstory: all['backstory'],
    tools: listOf(all['tools']).map(nameOf),
    llm: describeLlm(all['llm']),
    maxIter: all['max_iter'] === 25 ? null : resolved(all['max_iter']),
    allowDelegation: all['allow_delegation'],
    reasoning: all['reasoning'],
    knowledge: listOf(all['knowledge_sources']).map(nameOf),
    mcps: all['mcps'],
    stepCallback: nameOf(all['step_callback']),
  })
}

function describeTask(
  section: Section,
  agents: readonly Section[],
  tasks: readonly Section[],
): Compact {
  const task = fieldsOf(section)
  const role = agents.find(({ name }) => name === task['agent'])
  return compact({
    name: task['name'] ?? section.name,
    type: task['condition'] === undefined ? null : 'ConditionalTask',
    description: task['description'],
    expectedOutput: task['expected_output'],
    agent: role === undefined ? null : fieldsOf(role)['role'],
    context: listOf(task['context']).map((name) => {
      const other = tasks.find((one) => one.name === name)
      return other === undefined ? name : (fieldsOf(other)['name'] ?? name)
    }),
    tools: listOf(task['tools']).map(nameOf),
    async: task['async_execution'],
    outputFile: resolved(task['output_file']),
    output: describeOutput(task),
    humanInput: task['human_input'],
    markdown: task['markdown'],
    guardrails: [task['guardrail'], ...listOf(task['guardrails'])]
      .filter((one) => one !== undefined)
      .map((one) => (typeof one === 'string' ? one : nameOf(one))),
    guardrailMaxRetries: task['guardrail_max_retries'],
    callback: nameOf(task['callback']),
    condition: nameOf(task['condition']),
  })
}

function describeOutput(task: Compact): Compact | null {
  const kind = ['pydantic', 'json'].find((one) => task[`output_${one}`] !== undefined)
  if (kind === undefined) return null
  const model = task[`output_${kind}`]
  const { known } = model as { readonly known?: Compact }
  return compact({ kind, model: nameOf(model), schema: known?.['schema'] })
}

function describeLlm(llm: unknown): Compact | null {
  if (llm === undefined || llm === null) return null
  if (typeof llm === 'string') return { model: withProvider(resolved(llm)) }
  const { model, temperature, max_tokens: maxTokens, base_url: baseUrl } = llm as Compact
  return compact({
    model: withProvider(resolved(model)),
    temperature,
    maxTokens,
    baseUrl: resolved(baseUrl),
  })
}

/** CrewAI takes a name without a provider for OpenAI's. */
function withProvider(model: unknown): unknown {
  return typeof model === 'string' && !model.includes('/') ? `openai/${model}` : model
}

/** What a value of Python is called: a tool by its name, one of CrewAI's by its class, a function by its own. */
function nameOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { known, key, python } = value as {
    readonly known?: { readonly kind: string; readonly class?: string; readonly name?: string }
    readonly key?: string
    readonly python?: string
  }
  if (known?.class !== undefined) return known.class.split('.').at(-1)
  if (known?.name === 'lambda') return '<lambda>'
  return known?.name ?? python?.split('.').at(-1) ?? key
}

/** A text with variables of the environment in it, none of which is set. */
function resolved(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1') : value
}

function fieldsOf({ fields }: Section): Compact {
  return Object.fromEntries((fields ?? []).map(({ name, value }) => [name, value]))
}

/** A reference may stand for the whole list. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? [value] : []
}

function compact(value: Readonly<Record<string, unknown>>): Compact {
  const says = (one: unknown) =>
    one !== undefined && one !== null && one !== false && one !== '' && !isEmpty(one)
  return Object.fromEntries(Object.entries(value).filter(([, one]) => says(one)))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
