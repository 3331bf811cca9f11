import { expect, test } from 'vitest'
import { defineCrew } from '../../src/index.ts'
import { loadCrew } from '../../src/load/load-crew.ts'
import { callOf } from '../harness/call-of.ts'
import { problemsOf } from '../harness/temporary-crews.ts'

const HAIKU = new URL('../fixtures/crews/haiku', import.meta.url).pathname

test('a crew.ts makes a crew', async () => {
  const { crew, problems } = await loadCrew(HAIKU)

  expect(problems).toEqual([])
  expect(crew).toMatchObject({
    name: 'haiku',
    description: 'Writes a haiku and has it judged.',
    process: 'sequential',
    agents: [
      {
        key: 'poet',
        llm: { name: 'openai/gpt-4o', parameters: { temperature: 1, stop: ['---'] } },
        tools: [{ name: 'count-words' }],
        maxIter: 25,
      },
      { key: 'judge', llm: { name: null }, tools: [], maxIter: 3 },
    ],
    tasks: [
      { name: 'write_task', agent: 'poet', context: null, humanInput: false },
      { name: 'judge_task', agent: 'judge', context: ['write_task'], humanInput: true },
    ],
    inputs: { season: 'autumn' },
  })
})

test('the tools of a loaded crew are data with a way to call them', async () => {
  const { crew } = await loadCrew(HAIKU)
  const tool = crew?.agents[0]?.tools[0]

  expect(JSON.parse(JSON.stringify(tool))).toEqual({
    key: 'crew.ts#count-words',
    name: 'count-words',
    description: 'Counts the words of a text.',
    parameters: {
      schema: expect.objectContaining({ properties: { text: { type: 'string' } } }),
    },
    resultAsAnswer: false,
    timeoutMs: 60_000,
    onCrash: 'retry',
  })
  expect(await callOf(tool, { text: 'old pond' })).toEqual({ text: '2', failed: false })
  expect(await callOf(tool, { text: 7 })).toMatchObject({
    text: expect.stringContaining('text: Invalid input: expected string, received number'),
    failed: true,
  })
})

test('the errors of a crew.ts name the path in the object', async () => {
  const problems = await problemsOf({
    'crew/crew.ts': `export default {
      verbos: true,
      process: 'hierarchical',
      agents: { poet: { role: 'R', goal: 'G', max_iter: 3, llm: { topP: 2 }, tools: [() => 1] } },
      tasks: { write_task: { description: 'D', agent: 'bard' } },
      inputs: { since: new Date(0) },
    }`,
  })

  expect(problems).toEqual([
    'error: crew/crew.ts: verbos: is no field of a crew; did you mean verbose?',
    'error: crew/crew.ts: inputs.since: must be a JSON value, but is a map',
    'error: crew/crew.ts: process: hierarchical needs a manager: managerAgent, the key of an agent, or managerLlm, a model',
    'error: crew/crew.ts: agents.poet.max_iter: is no field of an agent; did you mean maxIter?',
    'error: crew/crew.ts: agents.poet.backstory: is missing; it must be a text',
    'error: crew/crew.ts: agents.poet.llm.topP: must be a number from 0 to 1, but is 2',
    'error: crew/crew.ts: agents.poet.tools[0]: must be the name of a tool, but is a function',
    'error: crew/crew.ts: tasks.write_task.expectedOutput: is missing; it must be a text',
    'error: crew/crew.ts: tasks.write_task.agent: there is no agent "bard"; agents of this crew: poet',
  ])
})

test.each([
  ['export const crew = {}', 'must export a crew: export default defineCrew({ … })'],
  ['export default 3', 'must export a crew: export default defineCrew({ … })'],
  ["throw new Error('no luck')", 'cannot be loaded: no luck'],
  ['export default {}', 'agents: is missing; it must be a map of names to fields'],
])('a crew.ts of `%s` is an error', async (text, message) => {
  expect(await problemsOf({ 'crew/crew.ts': text })).toContain(`error: crew/crew.ts: ${message}`)
})

test('defineCrew lets the compiler check who refers to whom', () => {
  const agents = { poet: { role: 'R', goal: 'G', backstory: 'B' } }
  const task = { description: 'D', expectedOutput: 'E' }

  // @ts-expect-error there is no agent bard
  defineCrew({ agents, tasks: { write: { ...task, agent: 'bard' } } })
  // @ts-expect-error there is no task read
  defineCrew({ agents, tasks: { write: { ...task, context: ['read'] } } })
  const crew = defineCrew({ agents, tasks: { write: { ...task, agent: 'poet' } } })

  expect(Object.isFrozen(crew)).toBe(true)
})
