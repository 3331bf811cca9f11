import { expect, test } from 'vitest'
import {
  jsoncCrew,
  loadFiles,
  placedProblemsOf,
  problemsOf,
  yamlCrew,
} from '../harness/temporary-crews.ts'

test('a value of Python is taken where it has no effect yet, and told', async () => {
  const text = `research_task:
  description: D
  expected_output: E
  agent: researcher
  guardrail: {python: my_crew.checks.is_short}
  callback: {python: "my_crew.hooks:done"}
`
  const files = yamlCrew({
    'config/tasks.yaml': text,
    'my_crew/checks.py': '',
    'src/my_crew/hooks/__init__.py': '',
  })

  expect(await placedProblemsOf(files)).toEqual([
    'warning: crew/config/tasks.yaml:5:3: research_task.guardrail: has no effect yet [field-unsupported]',
    'warning: crew/config/tasks.yaml:6:3: research_task.callback: has no effect yet [field-unsupported]',
  ])
})

test('a value of Python where a text must be is an error that shows it', async () => {
  const files = {
    ...jsoncCrew({ process: { python: 'a.process' } }, { goal: { python: 'a.b' } }),
    'crew/a.py': '',
  }

  expect(await placedProblemsOf(files)).toEqual([
    'error: crew/crew.jsonc:1:144: process: must be sequential or hierarchical, but is `process`, which only Python can tell [python-needed]',
    'error: crew/agents/researcher.jsonc:1:22: goal: must be a text, but is `b`, which only Python can tell [python-needed]',
  ])
})

test.each([
  { python: 'checks' },
  { python: 3 },
  { python: 'a..b' },
  { python: 'a.b', else: 1 },
  { python: 'a b.c' },
  { python: 'a:b:c' },
])('%j is an error that shows how to point to Python', async (guardrail) => {
  const [first] = await problemsOf(jsoncCrew({}, { guardrail }))

  expect(first).toBe(
    'error: crew/agents/researcher.jsonc: guardrail.python: must be a path to a module and a name in it, with nothing beside it: {"python": "my_crew.checks.is_short"}',
  )
})

test('a module that the crew does not have is one error, and Python is not asked', async () => {
  const python = { python: 'my_crew.tools.Search' }

  expect(await placedProblemsOf(jsoncCrew({}, { tools: [python], guardrail: python }))).toEqual([
    "error: crew/agents/researcher.jsonc:1:104: tools[0].python: there is no my_crew/tools.py in the folder of the crew, and no my_crew/tools/__init__.py; a value of Python's is in a module of the crew (also guardrail.python, line 1) [file-missing]",
  ])
})

test('an input may be called python', async () => {
  const { crews, problems } = await loadFiles(
    yamlCrew({ 'crew.yaml': 'inputs: { topic: { python: is a language } }' }),
  )

  expect(problems).toEqual([])
  expect(crews.get('crew')?.inputs['topic']).toEqual({ python: 'is a language' })
})
