import { join } from 'node:path'
import { listFolder } from './list-folder.ts'
import { findUnreadPython, type UnreadPython } from './unread-python.ts'

const NEEDED =
  'it needs a crew.py, or config/agents.yaml and config/tasks.yaml, or crew.jsonc and agents/, or crew.ts'

/** What a folder without a crew lacks, by what it has. */
export async function describeMissing(dir: string): Promise<string> {
  const present = await listFolder(dir)
  if (present.includes('agents') && (await listFolder(join(dir, 'agents'))).some(isJson))
    return 'has agents/, and no crew.jsonc beside it that lists them and has the tasks; make one'
  if (present.some(isConfig))
    return "has CrewAI's YAML outside of config/; put agents.yaml and tasks.yaml into config/"
  const folder = await findConfig(dir, present)
  if (folder !== null)
    return `has ${folder}, and no crew.py with a class that makes a crew of it; copy or link it here, as config/`
  const python = await findUnreadPython(dir)
  return python === null ? `holds no crew; ${NEEDED}` : describePython(python)
}

/** CrewAI's YAML where its projects have it. */
async function findConfig(dir: string, present: readonly string[]): Promise<string | null> {
  const packages = present.includes('src') ? await listFolder(join(dir, 'src')) : []
  for (const name of packages)
    if ((await listFolder(join(dir, 'src', name, 'config'))).some(isConfig))
      return `src/${name}/config/`
  return null
}

function isConfig(file: string): boolean {
  return /^(agents|tasks)\.ya?ml$/.test(file)
}

function isJson(file: string): boolean {
  return /\.jsonc?$/.test(file)
}

function describePython({ file, makes }: UnreadPython): string {
  return makes === 'a crew'
    ? `makes a crew in ${file}, which only running it would tell; write it as a class with @CrewBase, or as YAML`
    : `makes a flow in ${file}, and no crew; a flow is not served yet`
}
