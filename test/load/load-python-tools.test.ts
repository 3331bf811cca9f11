import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadFolder } from '../../src/load/load-folder.ts'
import { describeProblem } from '../../src/load/problem.ts'
import type { Tool } from '../../src/tools/tool.ts'
import type { PythonReference } from '../../src/workers/python/reference.ts'
import { pythonThat } from '../harness/python-that.ts'
import {
  jsoncCrew,
  placedProblemsOf,
  temporaryCrews,
  yamlCrew,
} from '../harness/temporary-crews.ts'

const search = `
import { defineTool } from 'coxswain'
import { z } from 'zod'
export default defineTool({ name: 'search', description: 'D', parameters: z.object({}), execute() {} })`

const agent = (...tools: readonly unknown[]) => jsoncCrew({}, { tools })

function toolOf({ key }: PythonReference): Tool {
  return {
    key,
    name: key,
    description: 'D',
    parameters: { schema: { type: 'object' } },
    resultAsAnswer: false,
    timeoutMs: 1_000,
    onCrash: 'fail',
    call: async () => ({ text: '', failed: false }),
  }
}

/** Loads the files with a Python that makes a tool of everything, or what `value` says. */
async function loadWithPython(
  files: ReturnType<typeof jsoncCrew>,
  value: (reference: PythonReference) => unknown = toolOf,
) {
  using crews = temporaryCrews(files)
  const asked: PythonReference[] = []
  const python = pythonThat(async (references) => {
    asked.push(...references)
    return references.map((reference) => ({ key: reference.key, value: value(reference) }))
  })
  const { crews: loaded } = await loadFolder(join(crews.path, 'crew'), { python: () => python })
  const [{ crew = null, problems = [] } = {}] = loaded
  const keys = crew?.agents[0]?.tools.map(({ key }) => key)
  return { asked, keys, problems: problems.map(describeProblem) }
}

test('names in tools lead to Python as in CrewAI: files, its own tools, classes of modules, apps', async () => {
  const { asked, keys, problems } = await loadWithPython({
    ...agent(
      'custom:search',
      'SerperDevTool',
      'scrape_website',
      'my.tools:Maker.Tool',
      'platform:gmail',
      '',
    ),
    'crew/tools/search.py': 'raise Exception("never run to be read")',
  })

  expect(problems).toEqual([])
  expect(keys).toEqual([
    'python:tools/search.py',
    'python:crewai_tools:SerperDevTool()',
    'python:crewai_tools:ScrapeWebsiteTool()',
    'python:my.tools:Maker.Tool()',
    'python:platform:gmail',
  ])
  expect(asked).toMatchObject([
    { names: { module: { import: 'tools.search' } }, at: 'agents/researcher.jsonc:1' },
    { expr: 'SerperDevTool()', names: { SerperDevTool: { import: 'crewai_tools:SerperDevTool' } } },
    { expr: 'ScrapeWebsiteTool()' },
    { expr: 'Maker.Tool()', names: { Maker: { import: 'my.tools:Maker' } } },
    { expr: 'CrewaiPlatformTools(apps=[app])', names: { app: { value: 'gmail' } } },
  ])
})

test('a YAML crew names its Python tools alike, and a value may stand for several', async () => {
  const { asked, problems } = await loadWithPython(
    {
      ...yamlCrew({
        'config/agents.yaml':
          'researcher: { role: R, goal: G, backstory: B, tools: { python: my_tools.all } }',
        'config/tasks.yaml':
          'research_task: { description: D, expected_output: E, agent: researcher, tools: [search] }',
        'tools/search.py': '',
        'my_tools.py': '',
      }),
    },
    (reference) =>
      reference.expr === 'all'
        ? [toolOf({ ...reference, key: 'a' }), toolOf({ ...reference, key: 'b' })]
        : toolOf(reference),
  )

  expect(problems).toEqual([])
  expect(asked.map(({ key }) => key)).toEqual(['python:my_tools:all', 'python:tools/search.py'])
})

test('TypeScript goes before the Python of the same name, which is then not asked', async () => {
  const { asked, keys, problems } = await loadWithPython({
    ...agent('custom:search', 'my.tools:Web_Search', { python: 'my.tools.fetch' }),
    'crew/tools/search.ts': search,
    'crew/tools/search.py': '',
    'crew/tools/web-search.ts': search.replace("'search'", "'web'"),
    'crew/my/tools.py': '',
    'crew/tools/fetch.ts': search.replace("'search'", "'fetch'"),
  })

  expect(problems).toEqual([])
  expect(asked).toEqual([])
  expect(keys).toEqual(['tools/search.ts', 'tools/web-search.ts', 'tools/fetch.ts'])
})

test('what is no tool in Python is one error with the place of the name', async () => {
  const files = { ...agent('custom:search'), 'crew/tools/search.py': '' }

  expect((await loadWithPython(files, () => 3)).problems).toEqual([
    'error: crew/agents/researcher.jsonc:1:103: tools[0]: is tools/search.py, which is Python, and must be a tool, or a list of tools, but is 3 [code-broken]',
  ])
})

test('Python that nothing runs is an error that says how to do without', async () => {
  const files = {
    ...agent('custom:search', 'SerperDevTool', 'SerperDvTool'),
    'crew/tools/search.py': '',
  }

  expect(await placedProblemsOf(files)).toEqual([
    'error: crew/agents/researcher.jsonc:1:103: tools[0]: is tools/search.py, which is Python, and nothing runs that here; write it in TypeScript, as tools/search.ts [python-needed]',
    "error: crew/agents/researcher.jsonc:1:119: tools[1]: is CrewAI's own tool SerperDevTool, which is Python, and nothing runs that here; write it in TypeScript, as tools/SerperDevTool.ts [python-needed]",
    'error: crew/agents/researcher.jsonc:1:135: tools[2]: there is no file tools/SerperDvTool.ts or tools/SerperDvTool.py; tools of this crew: search; did you mean SerperDevTool? [tool-unknown]',
  ])
})

test('one cause keeps all tools of Python from being loaded, and is told once', async () => {
  const files = agent('SerperDevTool', 'FileReadTool')
  using crews = temporaryCrews(files)
  const python = pythonThat(async (references) =>
    references.map(({ key, at }) => ({ key, error: `${at}: there is no Python; install one` })),
  )
  const { crews: loaded } = await loadFolder(join(crews.path, 'crew'), { python: () => python })

  expect(loaded[0]?.problems.map(describeProblem)).toEqual([
    'error: crew/agents/researcher.jsonc:1:103: tools[0]: cannot be loaded: there is no Python; install one (also tools[1], line 1) [code-broken]',
  ])
})
