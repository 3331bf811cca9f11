import { realpath } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { AGENT, CREW, TASK } from '../../fields/fields.ts'
import { createReport } from '../../problem.ts'
import {
  type CrewSource,
  type Field,
  isMap,
  type Section,
  snakeCase,
  toFields,
} from '../../source.ts'
import { ownVariables } from '../../values/own-variables.ts'
import type { CrewReading, Format, Found } from '../format.ts'
import { listFolder } from '../list-folder.ts'
import { readYaml } from '../read-yaml.ts'
import { crewNames } from './project/crew-names.ts'
import { type CrewFound, findCrewMakers } from './project/find-crew-makers.ts'
import { openProject } from './project/project-files.ts'
import { readCrew } from './read-crew.ts'
import type { Mistake, ToldField, ToldSection } from './tell/told.ts'

/**
 * CrewAI projects as they are: classes with `@CrewBase`, wherever they stand, and the YAML that they name; without such a
 * class, what makes a `Crew(…)` by itself. Their Python is read and never run; our `crew.yaml` beside them may say more.
 */
export const python: Format = {
  name: "CrewAI's crew.py",
  spell: snakeCase,
  strict: false,
  async find({ dir }) {
    const realDir = await realpath(dir)
    const makers = findCrewMakers(realDir, openProject(realDir))
    if (makers.length === 0) return []
    const yaml = await listYaml(realDir)
    const names = crewNames(makers)
    return makers.map((found, index): Found => {
      const settings = yaml.filter((file) => posix.basename(file).startsWith('crew.'))
      return {
        name: names[index] ?? 'crew',
        files: [...new Set([found.file, ...yaml])],
        read: (reading) => read(reading, found, settings),
      }
    })
  },
}

/** What a crew of YAML alone would be written in. It is part of the crew that the Python makes. */
async function listYaml(dir: string): Promise<readonly string[]> {
  const top = await listFolder(dir)
  const config = top.includes('config') ? await listFolder(join(dir, 'config')) : []
  return [
    ...top.filter((file) => /^crew\.ya?ml$/.test(file)),
    ...config
      .filter((file) => /^(crew|agents|tasks)\.ya?ml$/.test(file))
      .map((file) => `config/${file}`),
  ]
}

async function read(
  { dir, report, namesVariables = false }: CrewReading,
  found: CrewFound,
  settingsFiles: readonly string[],
): Promise<CrewSource | null> {
  const realDir = await realpath(dir)
  const settings = await readSettings({ dir: realDir, report }, settingsFiles)
  const given = settings.find((field) => field.name === 'arguments')?.value
  const { crew, mistakes, remarks } = await readCrew(found, {
    dir: realDir,
    report,
    files: openProject(realDir),
    // What is wrong with it is said for the folder as a whole.
    environment: await ownVariables({ dir: realDir, report: createReport(found.name, '') }),
    namesVariables,
    givenArguments: isMap(given) ? given : {},
  })
  for (const mistake of mistakes) report.add('python-untold', placeOf(mistake), mistake.message)
  for (const remark of remarks) report.add('task-not-run', placeOf(remark), remark.message)
  if (crew === null || mistakes.length > 0) return null
  const place = placeOf({ at: crew.at, path: ['crew'] })
  return {
    notation: python,
    settings: {
      name: 'crew',
      place,
      fields: [
        ...crew.settings.map((field) => toField(field, ['crew'], CREW)),
        ...settings.filter((field) => field.name !== 'arguments'),
      ],
    },
    agents: group('agents', crew.agents, AGENT, crew.at),
    tasks: group('tasks', crew.tasks, TASK, crew.at),
  }
}

/** Our own settings of the crew, beside the project's. */
async function readSettings(
  folder: Pick<CrewReading, 'dir' | 'report'>,
  [file]: readonly string[],
): Promise<readonly Field[]> {
  const top = file === undefined ? null : await readYaml(folder, file)
  return top !== null && isMap(top.value) ? toFields(top.value, top.place) : []
}

function group(
  name: 'agents' | 'tasks',
  sections: readonly ToldSection[],
  kind: Kind,
  at: Mistake['at'],
) {
  return {
    place: placeOf({ at, path: [name] }),
    sections: sections.map((section): Section => {
      const path = [name, section.name]
      return {
        name: section.name,
        place: placeOf({ at: section.at, path }),
        fields: section.fields.map((field) => toField(field, path, kind)),
      }
    }),
  }
}

function toField(
  { name, value, locate, yamlPath }: ToldField,
  section: readonly string[],
  kind: Kind,
): Field {
  const path = yamlPath ?? [...section, name]
  const position = (inner: readonly (string | number)[]) => locate(inner.slice(path.length))
  // Nobody asks Python for what CrewAI drops.
  const isKnown = fieldsOf(kind).some((field) => snakeCase(field) === name)
  return {
    name,
    value: isKnown ? value : null,
    place: { file: locate([]).file, path, locate: position },
  }
}

type Kind = typeof AGENT

function fieldsOf({ supported, unsupported, silent }: Kind): readonly string[] {
  return [...supported, ...Object.keys(unsupported), ...silent]
}

function placeOf({ at, path }: Pick<Mistake, 'at' | 'path'>) {
  return { file: at.file, path, locate: () => at }
}
