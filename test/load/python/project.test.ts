import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requiredInputs } from '../../../src/crew/inputs.ts'
import { loadCrews } from '../../../src/load/load-crews.ts'
import { describeProblem } from '../../../src/load/problem.ts'
import { temporaryCrews } from '../../harness/temporary-crews.ts'
import { AGENTS, crewClass, METHODS, TASKS } from './read-crew.ts'

interface Contents {
  readonly [file: string]: string | Uint8Array
}

/** A project as `crewai create crew` makes it, in a folder of crews. */
function project(folder: string, changes: Contents = {}): Contents {
  const files = {
    'pyproject.toml': '[project]\nname = "demo"\n',
    'README.md': '# Demo',
    'src/demo/crew.py': crewClass(METHODS),
    'src/demo/main.py':
      'from demo.crew import Demo\nDemo().crew().kickoff(inputs={"topic": "x"})\n',
    'src/demo/config/agents.yaml': AGENTS,
    'src/demo/config/tasks.yaml': TASKS,
    ...changes,
  }
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]),
  )
}

async function load(files: Contents) {
  using crews = temporaryCrews(files)
  return await loadCrews(crews.path)
}

test('a project that is dropped in is a crew, called like its folder', async () => {
  const { crews, problems } = await load(project('my-project'))
  const crew = crews.get('my-project')

  expect(problems.map(describeProblem)).toEqual([])
  expect(crew?.agents.map(({ key, role }) => [key, role])).toEqual([
    ['researcher', 'Researcher'],
    ['writer', 'Writer'],
  ])
  expect(crew?.tasks.map(({ name, agent }) => [name, agent])).toEqual([
    ['research', 'researcher'],
    ['write', 'writer'],
  ])
  expect(crew === undefined ? [] : requiredInputs(crew)).toEqual(['topic'])
})

test('several crews of a project are called after it and their classes', async () => {
  const other = crewClass(METHODS).replace('class Demo:', 'class PoemWriterCrew:')
  const { crews } = await load(
    project('flow', {
      'src/demo/crews/poem/poem.py': other,
      'src/demo/crews/poem/config/agents.yaml': AGENTS,
      'src/demo/crews/poem/config/tasks.yaml': TASKS,
    }),
  )
  expect([...crews.keys()]).toEqual(['flow-demo', 'flow-poem-writer'])
})

test('a mistake names its file, line and column, and keeps its crew alone from being served', async () => {
  const { crews, problems } = await load({
    ...project('good'),
    ...project('bad', {
      'src/demo/config/agents.yaml': AGENTS.replace('researcher:', 'reseacher:'),
    }),
  })
  expect([...crews.keys()]).toEqual(['good'])
  expect(problems.map(describeProblem)).toEqual([
    'error: bad/src/demo/crew.py:11:29: agents.researcher.config: src/demo/config/agents.yaml has no "researcher"; did you mean "reseacher"? [python-untold]',
  ])
})

test('what is wrong in the YAML of a class is named where the YAML has it', async () => {
  const { problems } = await load(
    project('demo', {
      'src/demo/config/agents.yaml': `${AGENTS}  max_iter: many\n`,
    }),
  )
  expect(problems.map(describeProblem)).toEqual([
    'error: demo/src/demo/config/agents.yaml:10:3: writer.max_iter: must be a whole number from 1 up, but is "many" [value-wrong]',
  ])
})

const LATIN = Buffer.from('# café\n', 'latin1')

test.each([
  [
    'src/demo/crew.py',
    Buffer.concat([LATIN, Buffer.from(crewClass(METHODS))]),
    'src/demo/crew.py:1:1: is not UTF-8 text; save it as UTF-8 [python-untold]',
  ],
  [
    'src/demo/crew.py',
    crewClass(METHODS) + `# ${'-'.repeat(70)}\n`.repeat(4_000),
    'src/demo/crew.py:1:1: is larger than 256 kB, the limit for a file of a crew [python-untold]',
  ],
  [
    'src/demo/config/agents.yaml',
    Buffer.concat([LATIN, Buffer.from(AGENTS)]),
    'src/demo/config/agents.yaml: is not UTF-8 text [file-unreadable]',
  ],
])(
  'a %s that cannot be read is told so, and is not taken for missing',
  async (file, content, problem) => {
    const { crews, problems } = await load(project('demo', { [file]: content }))

    expect([...crews.keys()]).toEqual([])
    expect(problems.map(describeProblem)).toEqual([`error: demo/${problem}`])
  },
)

test('folders of documents and glue hold no crew, which is a warning', async () => {
  const { problems } = await load({
    'docs/readme.md': 'nothing',
    'glue/src/glue/main.py': 'from crewai.flow import Flow\nclass Glue(Flow):\n    pass\n',
  })
  expect(problems.map(({ code, severity, file }) => [code, severity, file])).toEqual([
    ['no-crew', 'warning', 'docs'],
    ['no-crew', 'warning', 'glue'],
  ])
})

test('crew.yaml says more, and gives what __init__ asks for', async () => {
  const { crews, problems } = await load(
    project('demo', {
      'src/demo/crew.py': crewClass(`
def __init__(self, role):
    self.role = role
${METHODS.replace("agents_config['writer'])", "agents_config['writer'], role=self.role)")}`),
      'crew.yaml': 'description: Ours\narguments: {role: Poet}\ninputs: {topic: rain}\n',
    }),
  )
  expect(problems.map(describeProblem)).toEqual([])
  expect(crews.get('demo')).toMatchObject({
    description: 'Ours',
    agents: [{ role: 'Researcher' }, { role: 'Poet' }],
  })
})

test('the .env of a project decides for that project alone', async () => {
  const crew = crewClass(
    METHODS.replace(
      "agents_config['writer'])",
      "agents_config['writer'], role=os.getenv('ROLE', 'Nobody'))",
    ),
  )
  const { crews } = await load({
    ...project('one', { 'src/demo/crew.py': crew, '.env': 'ROLE="Poet" # yes\n' }),
    ...project('two', { 'src/demo/crew.py': crew }),
  })
  expect(crews.get('one')?.agents[1]?.role).toBe('Poet')
  expect(crews.get('two')?.agents[1]?.role).toBe('Nobody')
})

test('YAML at the top of a folder belongs to the crew.py beside it', async () => {
  const { crews, problems } = await load({
    'flat/crew.py': crewClass(METHODS),
    'flat/config/agents.yaml': AGENTS,
    'flat/config/tasks.yaml': TASKS,
  })
  expect(problems.map(describeProblem)).toEqual([])
  expect([...crews.keys()]).toEqual(['flat'])
})

test('links do not lead out of a project, nor are environments and tests looked into', async () => {
  using secret = temporaryCrews({
    'agents.yaml': 'researcher: {role: Stolen, goal: g, backstory: b}\n',
  })
  using crews = temporaryCrews(project('demo'))
  const inside = (path: string) => join(crews.path, 'demo', path)
  for (const folder of ['.venv/lib', 'node_modules/x', 'tests', 'venv', 'src/demo/site-packages']) {
    mkdirSync(inside(folder), { recursive: true })
    writeFileSync(inside(`${folder}/other.py`), crewClass(METHODS).replace('Demo', 'Other'))
  }
  symlinkSync(crews.path, inside('src/demo/loop'))
  symlinkSync(join(secret.path, 'agents.yaml'), inside('src/demo/config/linked.yaml'))
  writeFileSync(
    inside('src/demo/crew.py'),
    crewClass(`agents_config = "config/linked.yaml"\n${METHODS}`),
  )
  const loaded = await loadCrews(crews.path)

  expect([...loaded.crews.keys()]).toEqual([])
  expect(loaded.problems.map(describeProblem)).toEqual([
    'error: demo/src/demo/config/linked.yaml:1:1: agents.researcher.config: is missing or empty, but the crew asks for what is in it [python-untold]',
  ])
})

test('a linked project is read where it is', async () => {
  using target = temporaryCrews(project('real'))
  using crews = temporaryCrews({})
  symlinkSync(join(target.path, 'real'), join(crews.path, 'linked'))
  const loaded = await loadCrews(crews.path)

  expect([...loaded.crews.keys()]).toEqual(['linked'])
})

test('a problem names the variable of the project that holds a secret, and not the secret', async () => {
  const agent = (key: string) => `
import os
from crewai import Agent, Crew, Task

a = Agent(role="A", goal="G", backstory="B", max_iter=os.getenv("${key}"))
t = Task(description="D", expected_output="E", agent=a)
crew = Crew(agents=[a], tasks=[t])
`
  const told = async (key: string, value: string) => {
    const { problems } = await load({ 'demo/main.py': agent(key), 'demo/.env': `${key}=${value}` })
    return problems.map(({ message }) => message)
  }
  const must = 'must be a whole number from 1 up, but is'

  expect(await told('MY_API_KEY', 'sk-of-the-project')).toEqual([`${must} "\${MY_API_KEY}"`])
  const [long] = await told('DB_PASSWORD', `begins-with-this-${'x'.repeat(300)}`)
  expect(long).toContain(`${must} "\${DB_PASSWORD}`)
  expect(long).not.toContain('begins')
  expect(await told('ROUNDS', 'many-of-them')).toEqual([`${must} "many-of-them"`])
})

test('values of .env have those above them in them, as python-dotenv has it', async () => {
  const env = `HOST=tide.example
URL=https://\${HOST}/\${PATH}\${VERSION:-v1}
QUOTED='$HOST \${HOST}'
EARLY=\${LATE}
LATE=late
`
  const crew = `
import os
from crewai import Agent, Crew, Task

a = Agent(role=os.getenv("URL"), goal=os.getenv("QUOTED"), backstory=os.getenv("EARLY", "none"))
t = Task(description="D", expected_output="E", agent=a)
crew = Crew(agents=[a], tasks=[t])
`
  const { crews } = await load({ 'demo/main.py': crew, 'demo/.env': env })

  expect(crews.get('demo')?.agents).toMatchObject([
    { role: 'https://tide.example/v1', goal: '$HOST tide.example', backstory: 'none' },
  ])
})
