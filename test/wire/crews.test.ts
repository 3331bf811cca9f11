import { expect, test } from 'vitest'
import { z } from 'zod'
import { newChoice } from '../../src/llm/model-choice.ts'
import { defineTool } from '../../src/tools/define-tool.ts'
import { CrewDetail, CrewList, fromCrew, fromCrews } from '../../src/wire/crews.ts'
import { fromInputs, InputsResponse } from '../../src/wire/inputs.ts'
import { makeAgent, makeCrew, makeTask } from '../harness/samples.ts'

test('the inputs of a crew are the names without a default, and a schema of all', () => {
  const body = fromInputs(makeCrew({ inputs: { audience: 'children' } }))
  expect(body.inputs).toEqual(['topic'])
  expect(body.schema).toMatchObject({
    properties: { topic: {}, audience: { default: 'children' } },
    required: ['topic'],
  })
  expect(InputsResponse.strict().parse(body)).toEqual(body)
})

test('the list of crews says which is the default and where each is', () => {
  const body = fromCrews(
    [makeCrew(), makeCrew({ name: 'travel plan', description: 'Plans.' })],
    'research',
  )
  expect(body.crews).toMatchObject([
    { name: 'research', path: '/crews/research', is_default: true, description: null },
    { name: 'travel plan', path: '/crews/travel%20plan', is_default: false, description: 'Plans.' },
  ])
  expect(CrewList.strict().parse(body)).toEqual(body)
})

test('a crew in full has its agents, tasks and manager', () => {
  const search = defineTool({
    name: 'Search',
    description: 'Searches.',
    parameters: z.object({}),
    execute: () => 'found',
  })
  const crew = makeCrew({
    process: 'hierarchical',
    retryHorizonMs: 600_000,
    managerAgent: makeAgent({ key: 'boss', role: 'Boss' }),
    agents: [makeAgent({ tools: [search], llm: newChoice({ name: 'openai/gpt-4o' }) })],
    tasks: [makeTask(), makeTask({ name: 'write_task', agent: null, context: ['research_task'] })],
  })
  const body = fromCrew(crew, null)
  expect(body).toMatchObject({
    name: 'research',
    is_default: false,
    process: 'hierarchical',
    inputs: ['topic', 'audience'],
    agents: [{ name: 'researcher', role: 'Researcher', llm: 'openai/gpt-4o', tools: ['Search'] }],
    tasks: [
      { name: 'research_task', agent: 'researcher', context: null, human_input: false },
      { name: 'write_task', agent: null, context: ['research_task'] },
    ],
    manager_llm: null,
    manager_agent: { name: 'boss', role: 'Boss' },
    model_retry_horizon_seconds: 600,
  })
  expect(CrewDetail.strict().parse(body)).toEqual(body)
})

test('of a model its name is told, and not where it is or what it is asked with', () => {
  const connection = { baseUrl: 'http://10.0.0.1/v1', apiKeyVariable: 'TEAM_KEY' }
  const llm = newChoice({ name: 'llama3', connection, parameters: { seed: 1 } })
  const body = fromCrew(makeCrew({ agents: [makeAgent({ llm })], managerLlm: llm }), null)

  expect(body).toMatchObject({ agents: [{ llm: 'llama3' }], manager_llm: 'llama3' })
  expect(JSON.stringify(body)).not.toMatch(/10\.0\.0\.1|TEAM_KEY|seed/)
})
