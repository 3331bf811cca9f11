import { isCrewai } from '../interpret/calls/crewai-names.ts'
import type { Made } from '../interpret/values/value.ts'
import type { World } from '../interpret/world.ts'
import type { At } from '../nodes.ts'
import { tell } from '../tell/tell.ts'
import type { Mistake, PythonCrew, ToldField, ToldSection } from '../tell/told.ts'
import type { CrewObjects } from './crew-class.ts'
import { fieldsOf } from './fields-of.ts'
import { listAgents, listTasks, type Note, whyOf } from './members.ts'
import { nameObjects } from './name-objects.ts'
import { type Telling, tellField } from './tell-field.ts'

export interface ToldCrew {
  /** Null: what makes it cannot be followed. */
  readonly crew: Pick<PythonCrew, 'settings' | 'agents' | 'tasks'> | null
  readonly mistakes: readonly Mistake[]
  readonly remarks: readonly Mistake[]
}

/** The objects of a crew as sections of fields. */
export function tellCrew(objects: CrewObjects, world: World): ToldCrew {
  const mistakes: Mistake[] = []
  const remarks: Mistake[] = []
  const notes = { mistake: collect(mistakes), remark: collect(remarks) }
  const { crew } = objects
  if (crew.kind === 'made' && isCrewai(crew.callee, 'Crew'))
    return { crew: tellParts(crew, { objects, world, ...notes }), mistakes, remarks }
  notes.mistake(crew.at, [], `gives no crew that can be told without running it: ${whyOf(crew)}`)
  return { crew: null, mistakes, remarks }
}

/** One for each cause, however many fields it spoils. */
function collect(found: Mistake[]): Note {
  const seen = new Set<string>()
  return (at, path, message) => {
    const cause = JSON.stringify([at.file, at.line, at.column, message])
    if (!seen.has(cause)) found.push({ at, path, message })
    seen.add(cause)
  }
}

function tellParts(crew: Made, { objects, ...outside }: Omit<Telling, 'agents' | 'tasks'>) {
  const { world, mistake } = outside
  const fields = fieldsOf(crew, objects.self, world)
  const given = (name: string) => fields.findLast((field) => field.name === name)?.value
  const tasks = listTasks(given('tasks'), mistake)
  const listed = { agents: given('agents'), manager: given('manager_agent') }
  const agents = listAgents(tasks, listed, { self: objects.self, world }, mistake)
  const telling: Telling = {
    ...outside,
    objects,
    agents: nameObjects(agents, 'agent'),
    tasks: nameObjects(tasks, 'task'),
  }
  const settings = fields
    .filter(({ name }) => name !== 'agents' && name !== 'tasks')
    .flatMap((field) => tellField(field, ['crew'], crew, telling))
  return {
    settings: [...settings, ...hookFields(telling)],
    agents: sections(telling.agents, 'agents', telling),
    tasks: sections(telling.tasks, 'tasks', telling),
  }
}

function sections(
  members: ReadonlyMap<Made, string>,
  group: 'agents' | 'tasks',
  telling: Telling,
): readonly ToldSection[] {
  return [...members].map(([made, name]) => {
    const fields = fieldsOf(made, telling.objects.self, telling.world)
    return {
      name,
      at: made.at,
      fields: fields.flatMap((field) => tellField(field, [group, name], made, telling)),
    }
  })
}

/** The methods that CrewAI calls around a run, and around the calls of models and tools. */
function hookFields(telling: Telling): readonly ToldField[] {
  const fields = new Map<string, { readonly at: At; readonly values: unknown[] }>()
  for (const { mark, method } of telling.objects.hooks) {
    const name = mark.endsWith('_kickoff') ? `${mark}_callbacks` : `${mark}_hooks`
    const known = fields.get(name) ?? { at: method.at, values: [] }
    known.values.push(tell(method, ['crew', name, known.values.length], { ...telling, home: null }))
    fields.set(name, known)
  }
  return [...fields].map(([name, { at, values }]) => ({
    name,
    value: values,
    locate: () => at,
    yamlPath: null,
  }))
}
