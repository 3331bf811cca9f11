import { expect, test } from 'vitest'
import { newChoice } from '../../src/llm/model-choice.ts'
import { loadFiles, problemsOf, yamlCrew } from '../harness/temporary-crews.ts'

const agents = (text: string) => yamlCrew({ 'config/agents.yaml': text })
const settings = (text: string) => yamlCrew({ 'crew.yaml': text })

/** A correct agent, with fields added. */
const agent = (fields: string) =>
  agents(`researcher:\n  role: R\n  goal: G\n  backstory: B\n${fields.replaceAll(/^/gm, '  ')}\n`)

test('the classic files of CrewAI make a crew', async () => {
  const { crews, problems } = await loadFiles(
    yamlCrew({
      'config/agents.yaml': `
researcher:
  role: >
    {topic} Researcher
  goal: >
    Find facts
  backstory: >
    You know where to look.
  llm: openai/gpt-4o
writer: &writer
  role: Writer
  goal: Write
  backstory: You write.
  max_iter: 5
  allow_delegation: yes
editor:
  <<: *writer
  role: Editor
`,
      'config/tasks.yaml': `
research_task:
  description: >
    Research {topic}.
  expected_output: >
    A list.
  agent: researcher
write_task:
  description: Write.
  expected_output: A text.
  agent: writer
  context: [research_task]
  human_input: true
edit_task:
  description: Edit.
  expected_output: A text.
  agent: editor
  context:
`,
    }),
  )

  expect(problems).toEqual([])
  expect(crews.get('crew')).toEqual({
    name: 'crew',
    description: null,
    label: null,
    process: 'sequential',
    managerLlm: newChoice({}),
    managerAgent: null,
    inputs: {},
    inputDeclarations: {},
    inputAliases: {},
    retryHorizonMs: null,
    agents: [
      {
        key: 'researcher',
        role: '{topic} Researcher',
        goal: 'Find facts',
        backstory: 'You know where to look.',
        llm: newChoice({ name: 'openai/gpt-4o' }),
        tools: [],
        maxIter: 25,
        allowDelegation: false,
      },
      {
        key: 'writer',
        role: 'Writer',
        goal: 'Write',
        backstory: 'You write.',
        llm: newChoice({}),
        tools: [],
        maxIter: 5,
        allowDelegation: true,
      },
      {
        key: 'editor',
        role: 'Editor',
        goal: 'Write',
        backstory: 'You write.',
        llm: newChoice({}),
        tools: [],
        maxIter: 5,
        allowDelegation: true,
      },
    ],
    tasks: [
      {
        name: 'research_task',
        description: 'Research {topic}.',
        expectedOutput: 'A list.',
        agent: 'researcher',
        context: null,
        tools: [],
        humanInput: false,
        outputFile: null,
      },
      {
        name: 'write_task',
        description: 'Write.',
        expectedOutput: 'A text.',
        agent: 'writer',
        context: ['research_task'],
        tools: [],
        humanInput: true,
        outputFile: null,
      },
      {
        name: 'edit_task',
        description: 'Edit.',
        expectedOutput: 'A text.',
        agent: 'editor',
        context: [],
        tools: [],
        humanInput: false,
        outputFile: null,
      },
    ],
  })
})

test.each(['crew.yaml', 'crew.yml', 'config/crew.yaml', 'config/crew.yml'])(
  '%s adds what classic crews keep in crew.py',
  async (file) => {
    const { crews, problems } = await loadFiles(
      yamlCrew({
        'config/agents.yaml': `
researcher: { role: Researcher, goal: G, backstory: B }
lead: { role: Lead, goal: G, backstory: B }
`,
        [file]: `
name: crew
description: Finds facts.
process: hierarchical
manager_agent: lead
manager_llm: openai/gpt-4o
model_retry_horizon_seconds: 600
verbose: true
inputs:
  topic: AI
  since: 2026-01-01
  nested: { list: [1, true, null] }
`,
      }),
    )

    expect(problems).toEqual([])
    expect(crews.get('crew')).toMatchObject({
      description: 'Finds facts.',
      process: 'hierarchical',
      managerLlm: { name: 'openai/gpt-4o' },
      retryHorizonMs: 600_000,
      managerAgent: { key: 'lead' },
      agents: [{ key: 'researcher' }],
      inputs: { topic: 'AI', since: '2026-01-01', nested: { list: [1, true, null] } },
    })
  },
)

const TASK = 'description: D, expected_output: "", agent: researcher'
const AGENT = 'role: R, goal: G, backstory: B'

test.each([
  [`agents: { researcher: { ${AGENT} } }`, `tasks: { research_task: { ${TASK} } }`],
  [`- { name: researcher, ${AGENT} }`, `- { name: research_task, ${TASK} }`],
  [`- researcher: { ${AGENT} }`, `- research_task: { ${TASK} }`],
  [`agents: [{ name: researcher, ${AGENT} }]`, `tasks: [{ name: research_task, ${TASK} }]`],
])('agents and tasks may stand as in %s', async (agentsText, tasksText) => {
  const { crews, problems } = await loadFiles(
    yamlCrew({ 'config/agents.yaml': agentsText, 'config/tasks.yaml': tasksText }),
  )

  expect(problems).toEqual([])
  expect(crews.get('crew')).toMatchObject({
    agents: [{ key: 'researcher', role: 'R' }],
    tasks: [{ name: 'research_task', agent: 'researcher', expectedOutput: '' }],
  })
})

test('numbers and booleans may be spelled as Python takes them', async () => {
  const { crews, problems } = await loadFiles(
    agent('max_iter: "5"\nallow_delegation: 1\nllm: { temperature: "0.5", max_tokens: 1_000 }'),
  )

  expect(problems).toEqual([])
  expect(crews.get('crew')?.agents[0]).toMatchObject({
    maxIter: 5,
    allowDelegation: true,
    llm: { parameters: { temperature: 0.5, maxTokens: 1000 } },
  })
})

test('what is beside a wrapper is told of, and an agent may be called agents', async () => {
  const beside = agents(`version: 1\nagents: { researcher: { ${AGENT} } }`)
  const called = agents(`agents: { ${AGENT} }\nresearcher: { ${AGENT} }`)

  expect(await problemsOf(beside)).toEqual([
    'warning: crew/config/agents.yaml: version: is beside agents, below which this file has its agents, and is ignored',
  ])
  expect(await problemsOf(called)).toEqual([])
})

test('.yml is .yaml', async () => {
  const { 'crew/config/agents.yaml': text, ...rest } = yamlCrew()

  expect(await problemsOf({ ...rest, 'crew/config/agents.yml': text ?? '' })).toEqual([])
})

test('a loaded crew is frozen all the way down', async () => {
  const { crews } = await loadFiles(settings('inputs: { nested: { list: [1] } }'))
  const crew = crews.get('crew')
  const { nested } = crew?.inputs ?? {}

  expect(Object.isFrozen(crew)).toBe(true)
  expect(Object.isFrozen(crew?.agents)).toBe(true)
  expect(Object.isFrozen(crew?.agents[0])).toBe(true)
  expect(Object.isFrozen(crew?.agents[0]?.llm.parameters)).toBe(true)
  expect(Object.isFrozen(crew?.tasks[0]?.tools)).toBe(true)
  expect(Object.isFrozen(nested)).toBe(true)
})

test('an llm may be a map of a model and its parameters', async () => {
  const { crews, problems } = await loadFiles(
    agent(`llm:
  model: openai/gpt-4o
  temperature: 0.2
  top_p: 1
  max_tokens: 10
  max_completion_tokens: 20
  seed: 7
  stop: END
  reasoning_effort: low`),
  )

  expect(problems).toEqual([])
  expect(crews.get('crew')?.agents[0]).toMatchObject({
    llm: {
      name: 'openai/gpt-4o',
      parameters: {
        temperature: 0.2,
        topP: 1,
        maxTokens: 20,
        seed: 7,
        stop: ['END'],
        reasoningEffort: 'low',
      },
    },
  })
})

test('parameters of an llm without a model are for the default model', async () => {
  const { crews } = await loadFiles(agent('llm: { temperature: 0 }'))

  expect(crews.get('crew')?.agents[0]).toMatchObject({
    llm: { name: null, parameters: { temperature: 0 } },
  })
})
