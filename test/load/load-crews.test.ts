import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inputNames, requiredInputs } from '../../src/crew/inputs.ts'
import { loadCrew } from '../../src/load/load-crew.ts'
import { loadCrews } from '../../src/load/load-crews.ts'
import { describeProblem } from '../../src/load/problem.ts'
import { jsoncCrew, problemsOf, temporaryCrews, yamlCrew } from '../harness/temporary-crews.ts'

/** The files of a crew under another name. */
const called = (name: string, files: Readonly<Record<string, string | Uint8Array>>) =>
  Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file.replace(/^crew\//, `${name}/`), text]),
  )

test('every crew that ships loads without any problem', async () => {
  const { crews, problems } = await loadCrews('crews')

  expect(problems.map(describeProblem)).toEqual([])
  expect([...crews.keys()]).toEqual([
    'invoice-check',
    'research-report',
    'support-desk',
    'travel-planner',
  ])
})

test('the crews that ship ask for the inputs that the README says', async () => {
  const { crews } = await loadCrews('crews')
  const inputs = [...crews.values()].map((crew) => [crew.name, requiredInputs(crew)])

  expect(Object.fromEntries(inputs)).toEqual({
    'invoice-check': ['invoice'],
    'research-report': ['topic', 'audience'],
    'support-desk': ['customer_message'],
    'travel-planner': ['budget', 'interests', 'duration', 'age'],
  })
  for (const crew of crews.values())
    expect(inputNames(crew)).toEqual(expect.arrayContaining(Object.keys(crew.inputs)))
})

test('the support desk has a manager that delegates and a reply that a person approves', async () => {
  const { crew } = await loadCrew('crews/support-desk')

  expect(crew).toMatchObject({
    process: 'hierarchical',
    managerAgent: { key: 'desk_lead' },
    tasks: [{ humanInput: false }, { name: 'reply_task', humanInput: true }],
  })
})

test('a crew with an error is not served, the others are', async () => {
  using files = temporaryCrews({
    ...called('good', yamlCrew()),
    ...called('also-good', jsoncCrew()),
    ...called('bad', yamlCrew({ 'config/tasks.yaml': '' })),
    ...called('worse', yamlCrew({ 'config/agents.yaml': '{' })),
  })

  const { crews, problems } = await loadCrews(files.path)

  expect([...crews.keys()]).toEqual(['also-good', 'good'])
  expect(problems).toMatchObject([
    {
      severity: 'error',
      crew: 'bad',
      file: 'bad/config/tasks.yaml',
      key: null,
      message: 'must be a map of names to fields, but is empty',
    },
    { severity: 'error', crew: 'worse', file: 'worse/config/agents.yaml' },
  ])
})

test('a problem with a field names its key', async () => {
  using files = temporaryCrews(called('my-crew', jsoncCrew({ tasks: [{ tools: ['x'] }] })))

  const { problems } = await loadCrew(join(files.path, 'my-crew'))

  expect(problems).toContainEqual({
    code: 'tool-unknown',
    severity: 'error',
    crew: 'my-crew',
    file: 'my-crew/crew.jsonc',
    line: 1,
    column: 45,
    key: 'tasks[0].tools[0]',
    message: 'there is no file tools/x.ts or tools/x.py; tools of this crew: none',
    also: [],
  })
})

test.each([
  ['My_Crew', 'my_crew'],
  ['my  crew!', 'my-crew'],
  ['_crew', 'crew'],
  ['crew.v2', 'crew-v2'],
  ['équipe', 'equipe'],
])('the crew of a folder called %s is served as %s', async (folder, name) => {
  using files = temporaryCrews(called(folder, yamlCrew()))
  const { crews, problems } = await loadCrews(files.path)

  expect([...crews.keys()]).toEqual([name])
  expect(problems.map(describeProblem)).toEqual([
    `warning: ${folder}: is served as ${name}, which can stand in a URL [crew-renamed]`,
  ])
})

test('a folder of whose name nothing can stand in a URL is no crew', async () => {
  expect(await problemsOf(called('日本', yamlCrew()))).toEqual([
    'error: 日本: cannot be read: its name has no letter or digit of a URL, so that a crew could be called like it',
  ])
})

test('of two crews with the same name one is served, and the other is an error', async () => {
  using files = temporaryCrews({
    ...called('my crew', yamlCrew()),
    ...called('my-crew', yamlCrew()),
  })
  const { crews, problems } = await loadCrews(files.path)

  expect([...crews.keys()]).toEqual(['my-crew'])
  expect(problems.map(({ code, file }) => [code, file])).toEqual([
    ['crew-renamed', 'my crew'],
    ['crew-name-taken', 'my-crew'],
  ])
})

test.each([
  [['crew.ts', 'crew.jsonc'], 'crew.ts and crew.jsonc'],
  [
    ['crew.json', 'config/agents.yaml', 'config/tasks.yaml'],
    'crew.json and config/agents.yaml and config/tasks.yaml',
  ],
  [['crew.jsonc', 'crew.yaml'], 'crew.jsonc and crew.yaml'],
])('a folder with %j is an error, because it says the same thing twice', async (names, clash) => {
  const files = Object.fromEntries(names.map((name) => [`crew/${name}`, '']))

  expect(await problemsOf(files)).toEqual([
    `error: crew: is defined more than once, by ${clash}; keep the files of one format`,
  ])
})

test.each([
  [['crew.jsonc', 'crew.json'], 'crew.jsonc and crew.json'],
  [['config/tasks.yaml', 'config/tasks.yml'], 'config/tasks.yaml and config/tasks.yml'],
  [['crew.yaml', 'config/crew.yaml'], 'crew.yaml and config/crew.yaml'],
])('a folder with %j is an error, because it has the same file twice', async (names, clash) => {
  const files = Object.fromEntries(names.map((name) => [`crew/${name}`, '']))

  expect(await problemsOf(files)).toEqual([
    `error: crew: is defined more than once, by ${clash}; keep one of them`,
  ])
})

test('a folder without a crew is passed over with a line that says what to put there', async () => {
  expect(await problemsOf({ 'crew/README.md': '', 'crew/src/main.py': '' })).toEqual([
    'warning: crew: holds no crew; it needs a crew.py, or config/agents.yaml and config/tasks.yaml, or crew.jsonc and agents/, or crew.ts',
  ])
})

test.each([
  [
    'agents/a.jsonc',
    'has agents/, and no crew.jsonc beside it that lists them and has the tasks; make one',
  ],
  [
    'src/my_crew/config/tasks.yaml',
    'has src/my_crew/config/, and no crew.py with a class that makes a crew of it; copy or link it here, as config/',
  ],
  [
    'agents.yml',
    "has CrewAI's YAML outside of config/; put agents.yaml and tasks.yaml into config/",
  ],
])('a folder with %s alone is told what it lacks', async (file, message) => {
  expect(await problemsOf({ [`crew/${file}`]: '' })).toEqual([`warning: crew: ${message}`])
})

test.each([
  [
    'crew = Crew(agents=[a])',
    'makes a crew in main.py, which only running it would tell; write it as a class with @CrewBase, or as YAML',
  ],
  [
    'class Book(Flow[State]):\n  pass',
    'makes a flow in main.py, and no crew; a flow is not served yet',
  ],
])('a folder with a main.py of `%s` is told that it is not run', async (text, message) => {
  const files = { 'crew/main.py': text, 'crew/.venv/lib/x.py': 'Crew()', 'crew/src/a.py': 'a = 1' }

  expect(await problemsOf(files)).toEqual([`warning: crew: ${message}`])
})

test('Python in which no crew is found is told of, because nothing of it counts', async () => {
  expect(
    await problemsOf(
      yamlCrew({ 'app/run.py': 'crew = Crew(agents=[], tasks=[])', 'app/hello.py': '' }),
    ),
  ).toEqual([
    'warning: crew/app/run.py: is not read, for only running it would tell the crew that it makes; what it says of tasks, tools, models and process has no effect, and belongs into the YAML, crew.yaml and tools/<name>.ts',
  ])
})

test('files, hidden folders, and node_modules beside the crews are none', async () => {
  expect(
    await problemsOf({
      ...yamlCrew(),
      'README.md': '',
      '.git/config': '',
      'node_modules/zod/index.js': '',
    }),
  ).toEqual([])
})

test('a link to a crew is a crew, and one that leads nowhere is an error', async () => {
  using elsewhere = temporaryCrews(yamlCrew())
  using files = temporaryCrews({})
  symlinkSync(join(elsewhere.path, 'crew'), join(files.path, 'linked'))
  symlinkSync('/nowhere/at/all', join(files.path, 'dangling'))

  const { crews, problems } = await loadCrews(files.path)

  expect([...crews.keys()]).toEqual(['linked'])
  expect(problems.map(describeProblem)).toEqual([
    expect.stringMatching(/^error: dangling: cannot be read: ENOENT/),
  ])
})

test('a folder of crews that does not exist is refused with its path', async () => {
  await expect(loadCrews('/nowhere/at/all')).rejects.toThrow(
    'There is no folder of crews at /nowhere/at/all. Make it, with a folder for each crew.',
  )
})

test('an empty folder of crews has no crews and no problems', async () => {
  using files = temporaryCrews({})

  expect(await loadCrews(files.path)).toEqual({
    crews: new Map(),
    folders: new Map(),
    codes: new Map(),
    variables: new Map(),
    problems: [],
    read: new Map(),
  })
})
