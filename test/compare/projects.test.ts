import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectedProjects } from './expected-projects.ts'
import { differences } from './our-crews.ts'

const ROOT = join(import.meta.dirname, '../..')
const projects = expectedProjects(ROOT)

test('every project has its crews written down', () => {
  expect(readdirSync(join(ROOT, 'test/projects')).sort()).toEqual(projects.map(({ name }) => name))
})

test.each(projects)('$name is read as it is written down', async (project) => {
  expect(await differences(project, project.crews)).toEqual([])
})
