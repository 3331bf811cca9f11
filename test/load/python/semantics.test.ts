import { expect, test } from 'vitest'
import {
  crewClass,
  crewOf,
  fieldsOf,
  HEAD,
  METHODS,
  mistakesOf,
  names,
  readProject,
  settingsOf,
} from './read-crew.ts'

test('what is passed counts before what the YAML says, and None counts as nothing', async () => {
  const crew = await crewOf(
    crewClass(`
@agent
def researcher(self):
    return Agent(config=self.agents_config['researcher'], role="Chief", goal=None, verbose=True)

@task
def research(self):
    return Task(config=self.tasks_config['research'])
`),
  )
  expect(fieldsOf(crew.agents, 'researcher')).toEqual({
    role: 'Chief',
    goal: null,
    backstory: 'You know where to look.',
    verbose: true,
  })
  const order = crew.agents[0]?.fields.map(({ name }) => name)
  expect(order).toEqual(['goal', 'backstory', 'role', 'goal', 'verbose'])
})

test('a method that is defined twice keeps its first place and has its last body', async () => {
  const crew = await crewOf(
    crewClass(`${METHODS}
@task
def research(self):
    return Task(config=self.tasks_config['research'], description="The last one.")
`),
  )
  expect(names(crew.tasks)).toEqual(['research', 'write'])
  expect(fieldsOf(crew.tasks, 'research')['description']).toBe('The last one.')
})

test('agents come in the order of the tasks, then those without a task; of one role the first', async () => {
  const crew = await crewOf(
    crewClass(`
@agent
def idle(self):
    return Agent(role="Idle", goal="g", backstory="b")

@agent
def twin(self):
    return Agent(role="Writer", goal="g", backstory="b")

@agent
def writer(self):
    return Agent(config=self.agents_config['writer'])

@agent
def researcher(self):
    return Agent(config=self.agents_config['researcher'])

@task
def write(self):
    return Task(config=self.tasks_config['write'])

@task
def research(self):
    return Task(config=self.tasks_config['research'])
`),
  )
  expect(names(crew.agents)).toEqual(['writer', 'researcher', 'idle'])
  expect(names(crew.tasks)).toEqual(['write', 'research'])
})

test('inherited agents and tasks are no part of self.agents and self.tasks, but can be called', async () => {
  const crew = await crewOf(
    `${HEAD}
class Base:
    agents_config = "config/agents.yaml"

    @agent
    def researcher(self):
        return Agent(config=self.agents_config['researcher'])

    @task
    def research(self):
        return Task(config=self.tasks_config['research'])

@CrewBase
class Demo(Base):
    @agent
    def writer(self):
        return Agent(config=self.agents_config['writer'])

    @task
    def write(self):
        return Task(config=self.tasks_config['write'], context=[self.research()])

    @crew
    def crew(self):
        return Crew(agents=self.agents + [self.researcher()], tasks=self.tasks)
`,
  )
  expect(names(crew.agents)).toEqual(['writer', 'researcher'])
  expect(names(crew.tasks)).toEqual(['write'])
})

test('a task that the YAML has and the class does not is no part of the crew', async () => {
  const crew = await crewOf(
    crewClass(`
@agent
def writer(self):
    return Agent(config=self.agents_config['writer'])

@task
def write(self):
    return Task(config=self.tasks_config['write'])
`),
  )
  expect(names(crew.tasks)).toEqual(['write'])
  expect(names(crew.agents)).toEqual(['writer'])
})

test('methods are the names, not the keys of the YAML', async () => {
  const crew = await crewOf(
    crewClass(`
@agent
def senior(self):
    return Agent(config=self.agents_config['researcher'])

@task
def first(self):
    return Task(config=self.tasks_config['research'], agent=self.senior())

@task
def second(self):
    return Task(config=self.tasks_config['write'], agent=self.senior(), context=[self.first()])
`),
  )
  expect(names(crew.agents)).toEqual(['senior'])
  expect(fieldsOf(crew.tasks, 'second')).toMatchObject({ agent: 'senior', context: ['first'] })
})

test('a context that names a task the crew does not run gives nothing, which is said', async () => {
  const { crew, mistakes, remarks } = await readProject(
    crewClass(
      METHODS.replace(
        "tasks_config['write'])",
        "tasks_config['write'], context=[self.research()])",
      ),
      'agents=self.agents, tasks=[self.write()]',
    ),
  )
  expect(mistakes).toEqual([])
  expect(fieldsOf(crew?.tasks ?? [], 'write')['context']).toEqual([])
  expect(remarks.map(({ message }) => message)).toEqual([
    'names research, which the crew does not run, so that nothing comes of it',
  ])
})

test('a copy of an agent is another agent', async () => {
  const crew = await crewOf(
    crewClass(`
@agent
def writer(self):
    return Agent(config=self.agents_config['writer'])

@task
def write(self):
    critic = self.writer().copy()
    critic.role = "Critic"
    return Task(config=self.tasks_config['write'], agent=critic)
`),
  )
  expect(names(crew.agents)).toEqual(['writer_2', 'writer'])
  expect(fieldsOf(crew.agents, 'writer_2')['role']).toBe('Critic')
  expect(fieldsOf(crew.tasks, 'write')['agent']).toBe('writer_2')
})

test('a config that the class gives as a map is an empty one', async () => {
  const mistakes = await mistakesOf(
    crewClass(`
agents_config = {"writer": {"role": "Writer"}}

@agent
def writer(self):
    return Agent(config=self.agents_config['writer'])
`),
  )
  expect(mistakes).toEqual([
    'src/demo/crew.py:13:29: agents.writer.config: the map has no "writer"; it has none at all',
  ])
})

test('other files of YAML, from the folder of the class', async () => {
  const crew = await crewOf({
    'src/demo/crew.py': crewClass(
      METHODS.replace(
        /^/,
        'agents_config = "../settings/people.yaml"\ntasks_config = "./config/tasks.yaml"\n',
      ),
    ),
    'src/settings/people.yaml':
      'researcher: {role: R, goal: g, backstory: b}\nwriter: {role: W, goal: g, backstory: b}\n',
  })
  expect(fieldsOf(crew.agents, 'writer')['role']).toBe('W')
})

test('YAML names methods with @llm and @tool', async () => {
  const methods = crewClass(`
@llm
def fast(self):
    return LLM(model="groq/llama", temperature=0.1)

@tool
def search(self):
    return SerperDevTool(n_results=3)

@agent
def writer(self):
    return Agent(config=self.agents_config['writer'])

@task
def write(self):
    return Task(config=self.tasks_config['write'])
`)
  const imports = 'from crewai.project import llm, tool\nfrom crewai_tools import SerperDevTool\n'
  const crew = await crewOf({
    'src/demo/crew.py': imports + methods,
    'src/demo/config/agents.yaml':
      'writer: {role: W, goal: g, backstory: b, llm: fast, tools: [search]}\n',
  })
  expect(fieldsOf(crew.agents, 'writer')).toMatchObject({
    llm: { model: 'groq/llama', temperature: 0.1 },
    tools: [
      {
        key: 'python:crewai_tools:SerperDevTool(n_results=3)',
        known: { kind: 'object', class: 'crewai_tools.SerperDevTool', arguments: { n_results: 3 } },
      },
    ],
  })
})

test('a manager is an agent, and the settings name him', async () => {
  const crew = await crewOf({
    'src/demo/crew.py': `${HEAD}
@CrewBase
class Demo:
${METHODS.replaceAll(/^(?=.)/gm, '    ')}
    @crew
    def crew(self):
        boss = Agent(config=self.agents_config['boss'], allow_delegation=True)
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.hierarchical, manager_agent=boss)
`,
    'src/demo/config/agents.yaml': `
researcher: {role: R, goal: g, backstory: b}
writer: {role: W, goal: g, backstory: b}
boss: {role: B, goal: g, backstory: b}
`,
  })
  expect(names(crew.agents)).toEqual(['researcher', 'writer', 'boss'])
  expect(settingsOf(crew)).toEqual({ process: 'hierarchical', manager_agent: 'boss' })
})

test('hooks are methods of an object of the class', async () => {
  const crew = await crewOf(
    crewClass(`${METHODS}
@before_kickoff
def prepare(self, inputs):
    return inputs

@after_kickoff
def finish(self, result):
    return result
`),
  )
  expect(settingsOf(crew)).toMatchObject({
    before_kickoff_callbacks: [
      {
        key: 'python:demo.crew:Demo.prepare',
        expr: 'self.prepare',
        names: { self: { self: 'demo.crew:Demo' } },
        at: 'src/demo/crew.py:26',
      },
    ],
    after_kickoff_callbacks: [{ key: 'python:demo.crew:Demo.finish' }],
  })
})
