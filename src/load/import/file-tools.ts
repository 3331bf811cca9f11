import { realpathSync } from 'node:fs'
import { join, parse } from 'node:path'
import { listFolder } from '../formats/list-folder.ts'
import { isToolClass } from '../formats/python/interpret/calls/attribute.ts'
import { createWorld, TooMuch } from '../formats/python/interpret/interpreter.ts'
import { instance } from '../formats/python/interpret/values/make.ts'
import { createModules } from '../formats/python/project/modules.ts'
import { openProject } from '../formats/python/project/project-files.ts'
import type { Known } from '../formats/python/tell/told.ts'
import { describeTool } from '../formats/python/tell/tool-spec.ts'
import { TOOLS_FOLDER } from '../values/tool-source.ts'

/** Names of the Python files in the `tools/` of a folder, without their ending. */
export async function listPythonTools(dir: string): Promise<readonly string[]> {
  const files = await listFolder(join(dir, TOOLS_FOLDER))
  return files.flatMap((file) =>
    file.endsWith('.py') && file !== '__init__.py' ? [parse(file).name] : [],
  )
}

/** What is said of the first tool in a file, which is the one that CrewAI takes. Nothing of it runs. */
export function describeFileTool(dir: string, file: string): Known {
  const files = openProject(realpathSync(dir))
  const modules = createModules(files, file)
  const module = modules.open(file)
  if ('message' in module) return { kind: 'nothing' }
  const world = createWorld({
    importModule: modules.import,
    environment: { get: () => undefined, ofModel: () => undefined, missed: () => 0 },
    readFile: files.read,
    crewAttribute: () => undefined,
  })
  try {
    for (const name of [...module.bindings.keys()].sort()) {
      const value = world.find(module, name)
      if (value?.kind === 'class' && isToolClass(value, world))
        return describeTool(instance(value, { args: [], keywords: new Map() }, value.at), world)
    }
  } catch (error) {
    if (!(error instanceof TooMuch || error instanceof RangeError)) throw error
  }
  return { kind: 'nothing' }
}
