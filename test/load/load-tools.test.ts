import { pino } from 'pino'
import { expect, test } from 'vitest'
import { loadCrews } from '../../src/load/load-crews.ts'
import { describeProblem } from '../../src/load/problem.ts'
import { callOf } from '../harness/call-of.ts'
import { loadFiles, problemsOf, temporaryCrews, yamlCrew } from '../harness/temporary-crews.ts'

const tool = (name: string) => `
import { defineTool } from 'coxswain'
import { z } from 'zod'
export default defineTool({ name: '${name}', description: 'D', parameters: z.object({}), execute() {} })`

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
    'error: crew/config/tasks.yaml: research_task.tools[0]: there is no file tools/serch.ts or tools/serch.py; tools of this crew: fetch, search; did you mean search?',
    'error: crew/config/tasks.yaml: research_task.tools[1]: there is no file tools/../secret.ts or tools/../secret.py; tools of this crew: fetch, search',
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
    'cannot be loaded: defineTool: parameters of search must be a z.object({ … })',
  ],
  [
    tool('search').replace('z.object({})', 'z.object({ day: z.date() })'),
    'cannot be loaded: defineTool: parameters of search cannot be told to a model: Date cannot be represented in JSON Schema',
  ],
  ["throw new Error('no luck')", 'cannot be loaded: no luck'],
  ['process.exit(0)', 'cannot be loaded: it called process.exit(0)'],
  [
    "Promise.reject(new Error('no luck'))\nawait new Promise(setImmediate)",
    'cannot be loaded: it did not wait for a promise that was rejected: no luck',
  ],
  ['process.abort()', 'cannot be loaded: it called process.abort()'],
  [
    'export default Buffer.alloc(2e9, 1)',
    'cannot be loaded: its process took more than 512 MB of memory',
  ],
])('a tool file that is wrong is one error, however many use it', async (text, message) => {
  const files = yamlCrew({
    'config/agents.yaml': `researcher: { role: R, goal: G, backstory: B, tools: [search] }`,
    'config/tasks.yaml': task('search'),
    'tools/search.ts': text,
  })

  expect(await problemsOf(files)).toEqual([`error: crew/tools/search.ts: ${message}`])
})

test('a tool file that ends its process is no error of the others', async () => {
  const files = yamlCrew({
    'config/tasks.yaml': task('abort, search'),
    'tools/abort.ts': 'process.abort()',
    'tools/search.ts': tool('search'),
  })

  expect(await problemsOf(files)).toEqual([
    'error: crew/tools/abort.ts: cannot be loaded: it called process.abort()',
  ])
})

test('a tool that a crew.ts imports and names is one tool', async () => {
  const { crews, problems } = await loadFiles({
    'crew/crew.ts': `
      import { defineCrew } from 'coxswain'
      import search from './tools/search.ts'
      export default defineCrew({
        agents: { a: { role: 'R', goal: 'G', backstory: 'B', tools: [search, 'search'] } },
        tasks: { t: { description: 'D', expectedOutput: 'E', agent: 'a', tools: [search] } },
      })`,
    'crew/tools/search.ts': tool('search'),
  })

  expect(problems).toEqual([])
  const { agents, tasks } = crews.get('crew') ?? {}
  expect(agents?.[0]?.tools.map(({ key }) => key)).toEqual(['crew.ts#search'])
  expect(tasks?.[0]?.tools).toEqual(agents?.[0]?.tools)
})

test('tools of a crew.ts that are called alike have keys of their own', async () => {
  const { crews, problems } = await loadFiles({
    'crew/crew.ts': `
      import { defineCrew, defineTool } from 'coxswain'
      import { z } from 'zod'
      const tool = () => defineTool({ name: 'go', description: 'D', parameters: z.object({}), execute() {} })
      const agent = () => ({ role: 'R', goal: 'G', backstory: 'B', tools: [tool()] })
      export default defineCrew({
        agents: { a: agent(), b: agent() },
        tasks: { t: { description: 'D', expectedOutput: 'E', agent: 'a' } },
      })`,
  })

  expect(problems).toEqual([])
  const keys = crews.get('crew')?.agents.flatMap(({ tools }) => tools.map(({ key }) => key))
  expect(keys).toEqual(['crew.ts#go', 'crew.ts#go#2'])
})

test('what the code of a crew prints is logged with the name of the crew', async () => {
  using crews = temporaryCrews(
    yamlCrew({
      'config/tasks.yaml': task('search'),
      'tools/search.ts': `console.log('hello')\n${tool('search')}`,
    }),
  )
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line) => lines.push(line) })

  const { codes } = await loadCrews(crews.path, { log })
  await codes.get('crew')?.stop()

  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ crew: 'crew', output: 'hello' }),
  )
})

test('a tool file that nobody names is not run', async () => {
  const files = yamlCrew({ 'tools/old.ts': "throw new Error('run')" })

  expect(await problemsOf(files)).toEqual([])
})

test('crews outside every project import coxswain and zod from this package, and nothing else', async () => {
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
  const { crews: loaded, problems } = await loadCrews(crews.path)
  const tools = loaded.get('typed')?.agents[0]?.tools ?? []
  const results = await Promise.all(tools.map((one) => callOf(one, { n: 1 })))

  expect(tools.map(({ name }) => name)).toEqual(['add', 'helper'])
  expect(results).toEqual([
    { text: '2', failed: false },
    { text: '2', failed: false },
  ])
  expect(problems.map(describeProblem)).toEqual([
    expect.stringMatching(
      /^error: other\/crew\.ts: cannot be loaded: Cannot find package 'fastify'/,
    ),
    expect.stringMatching(/^warning: shared: holds no crew/),
  ])
})
