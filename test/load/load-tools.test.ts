import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { loadFiles, problemsOf, temporaryCrews, yamlCrew } from '../harness/temporary-crews.ts'

const ZOD = import.meta.resolve('zod')

/** What `defineTool` makes, written by hand, as a file outside the checkout imports nothing under vitest. */
const tool = (name: string) => `
import { z } from '${ZOD}'
export default {
  name: '${name}', description: 'D', parameters: z.object({}), resultAsAnswer: false, timeoutMs: 1, execute() {},
}`

const task = (tools: string) =>
  `research_task: { description: D, expected_output: E, agent: researcher, tools: [${tools}] }`

test('agents and tasks name tools by the file, also as CrewAI does', async () => {
  const { crews, problems } = await loadFiles(
    yamlCrew({
      'config/agents.yaml': `researcher: { role: R, goal: G, backstory: B, tools: [search] }`,
      'config/tasks.yaml': task('custom:fetch, search, fetch'),
      'tools/search.ts': tool('web-search'),
      'tools/search.js': 'throw new Error("search.ts goes first")',
      'tools/fetch.js': tool('fetch'),
    }),
  )
  const crew = crews.get('crew')

  expect(problems).toEqual([])
  expect(crew?.agents[0]?.tools.map(({ name }) => name)).toEqual(['web-search'])
  expect(crew?.tasks[0]?.tools.map(({ name }) => name)).toEqual(['fetch', 'web-search'])
  expect(crew?.tasks[0]?.tools[1]).toBe(crew?.agents[0]?.tools[0])
})

test('a tool that does not exist is an error that lists those that do', async () => {
  const files = yamlCrew({
    'config/tasks.yaml': task('serch, ../secret'),
    'tools/search.ts': tool('search'),
    'tools/fetch.ts': tool('fetch'),
    'tools/README.md': '',
    'secret.ts': 'throw new Error("read from outside of tools/")',
  })

  expect(await problemsOf(files)).toEqual([
    'error: crew/config/tasks.yaml: research_task.tools[0]: there is no file tools/serch.ts; tools of this crew: fetch, search',
    'error: crew/config/tasks.yaml: research_task.tools[1]: there is no file tools/../secret.ts; tools of this crew: fetch, search',
  ])
})

test.each([
  ['export default 3', 'must export a tool: export default defineTool({ … })'],
  [
    tool('search').replace('export default', 'export const tool ='),
    'must export a tool: export default defineTool({ … })',
  ],
  [
    tool('search').replace('z.object({})', '{}'),
    'must export a tool: export default defineTool({ … })',
  ],
  ["throw new Error('no luck')", 'cannot be loaded: no luck'],
])('a tool file that is wrong is one error, however many use it', async (text, message) => {
  const files = yamlCrew({
    'config/agents.yaml': `researcher: { role: R, goal: G, backstory: B, tools: [search] }`,
    'config/tasks.yaml': task('search'),
    'tools/search.ts': text,
  })

  expect(await problemsOf(files)).toEqual([`error: crew/tools/search.ts: ${message}`])
})

test('a tool file that nobody names is not run', async () => {
  const files = yamlCrew({ 'tools/old.ts': "throw new Error('run')" })

  expect(await problemsOf(files)).toEqual([])
})

test('crews outside every project import coxswain and zod from this package, and nothing else', () => {
  const source = (name: string, first: string) => `${first}
    import { defineTool } from 'coxswain'
    import { z } from 'zod'
    export default defineTool({
      name: '${name}', description: 'D', parameters: z.object({ n: z.number() }), execute: ({ n }: { n: number }) => n + 1,
    })`
  using crews = temporaryCrews({
    'typed/crew.ts': `
      import { defineCrew } from 'coxswain'
      import helper from '../shared/helper.ts'
      export default defineCrew({
        agents: { a: { role: 'R', goal: 'G', backstory: 'B', tools: ['add', helper] } },
        tasks: { t: { description: 'D', expectedOutput: 'E', agent: 'a' } },
      })`,
    'typed/tools/add.ts': source('add', ''),
    'shared/helper.ts': source('helper', ''),
    'other/crew.ts': "import 'fastify'\nexport default {}",
  })
  const script = `
    const { loadCrews } = await import(${JSON.stringify(new URL('../../src/load/load-crews.ts', import.meta.url).href)})
    const { crews, problems } = await loadCrews(${JSON.stringify(crews.path)})
    const tools = crews.get('typed')?.agents[0].tools ?? []
    const results = tools.map((tool) => [tool.name, tool.execute({ n: 1 }, {})])
    console.log(JSON.stringify({ results, problems: problems.map(({ file, message }) => file + ': ' + message) }))`

  const output = execFileSync(
    process.execPath,
    ['--conditions=development', '--input-type=module', '--eval', script],
    { cwd: crews.path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  )

  const { results, problems } = JSON.parse(output)
  expect(results).toEqual([
    ['add', 2],
    ['helper', 2],
  ])
  expect(problems).toEqual([
    expect.stringMatching(/^other\/crew\.ts: cannot be loaded: Cannot find package 'fastify'/),
    expect.stringMatching(/^shared: holds no crew/),
  ])
})
