import { readFileSync } from 'node:fs'
import { labCrew } from './lab-crew.ts'
import type { CrewFiles } from './write-crews.ts'

const LAB = 'test/fixtures/python/lab'

/** The crew of {@link labCrew}, whose laboratory is written in Python. */
export function pythonLabCrew(): CrewFiles {
  const { 'config/agents.yaml': agents = '', 'config/tasks.yaml': tasks = '' } = labCrew()
  return {
    'config/agents.yaml': agents,
    'config/tasks.yaml': tasks,
    'tools/lab.py': readFileSync(`${LAB}/tools/lab.py`, 'utf8'),
    'chunk_size.py': readFileSync(`${LAB}/chunk_size.py`, 'utf8'),
  }
}
