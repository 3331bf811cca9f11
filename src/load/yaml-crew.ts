import type { CrewFiles } from './find-files.ts'
import { readYaml } from './read-yaml.ts'
import { type CrewFolder, type CrewSource, type Group, toGroup, toSection } from './source.ts'

/**
 * CrewAI's classic files, `config/agents.yaml` and `config/tasks.yaml`, and our `crew.yaml` for what classic crews
 * keep in `crew.py`: description, process, manager, defaults of inputs.
 */
export async function readYamlCrew(
  folder: CrewFolder,
  files: Extract<CrewFiles, { format: 'yaml' }>,
): Promise<CrewSource> {
  const place = { file: files.crew ?? 'crew.yaml', path: [] }
  const settings = files.crew === null ? null : await readYaml(folder, files.crew)
  return {
    format: 'yaml',
    // No file and an empty one are both a map without fields.
    settings: toSection('crew', settings === null ? {} : settings, place, folder.report),
    agents: await readGroup(folder, files.agents, 'config/agents.yaml'),
    tasks: await readGroup(folder, files.tasks, 'config/tasks.yaml'),
  }
}

async function readGroup(
  folder: CrewFolder,
  file: string | null,
  usualFile: string,
): Promise<Group> {
  const place = { file: file ?? usualFile, path: [] }
  if (file === null) {
    folder.report.error(place, 'is missing')
    return { place, sections: null }
  }
  const value = await readYaml(folder, file)
  return value === undefined ? { place, sections: null } : toGroup(value, place, folder.report)
}
