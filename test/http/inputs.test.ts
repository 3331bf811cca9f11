import { expect, test } from 'vitest'
import { RESEARCH_CREW, startTestServer } from '../harness/server.ts'

const DECLARED = {
  ...RESEARCH_CREW,
  'config/tasks.yaml': `
research_task: { description: 'Research {topic} since {since}', expected_output: Notes, agent: researcher }
write_task: { description: 'Write {pages} pages', expected_output: 'A text', agent: writer }
`,
  'crew.yaml': `
inputs:
  topic: { type: string, description: What it is about, min_length: 3 }
  since: { type: string, format: date, required: false }
  pages: { type: integer, minimum: 1, default: 2 }
`,
}

const crews = { research: DECLARED }

test('/inputs keeps the names that clients read, and tells beside them what is declared', async () => {
  await using server = await startTestServer({ crews })
  const { body } = await server.get('/inputs')
  const { body: detail } = await server.get('/crews/research')

  expect(body.inputs).toEqual(['topic'])
  expect(body.schema).toMatchObject({
    properties: {
      topic: { type: 'string', description: 'What it is about', minLength: 3 },
      since: { type: 'string', format: 'date' },
      pages: { type: 'integer', minimum: 1, default: 2 },
    },
    required: ['topic'],
  })
  expect(detail.schema).toEqual(body.schema)
})

test('a kickoff outside of the declarations is refused with its fields, and leaves no run', async () => {
  await using server = await startTestServer({ crews })
  const { status, body } = await server.post('/kickoff', {
    inputs: { topic: 'ox', since: 'today', pages: 0 },
  })

  expect(status).toBe(422)
  expect(body).toMatchObject({
    code: 'validation_failed',
    error: 'Validation Error',
    message: expect.stringContaining('inputs.topic: must be a text of at least 3 characters'),
    details: {
      fields: [
        { field: 'inputs.topic', message: expect.stringContaining('but is "ox"') },
        { field: 'inputs.since', message: expect.stringContaining('a date such as') },
        { field: 'inputs.pages', message: 'must be a whole number from 1 up, but is 0' },
      ],
    },
  })
  expect(body.detail).toBe(body.message)
  expect((await server.get('/runs')).body.runs).toEqual([])
})

test('missing inputs are told in the shape that clients know, with what else is wrong', async () => {
  await using server = await startTestServer({ crews })
  const { status, body } = await server.post('/kickoff', { inputs: { pages: 'many' } })

  expect(status).toBe(422)
  expect(body).toMatchObject({
    code: 'missing_inputs',
    message: 'Missing required inputs',
    detail: 'Missing inputs: topic',
    details: { missing_inputs: ['topic'], fields: [{ field: 'inputs.pages' }] },
  })
})

test('a run has its inputs in their types, and nothing where nothing need be given', async () => {
  await using server = await startTestServer({ crews })
  const runId = await server.kickoff({ inputs: { topic: 'tides', pages: '3', since: null } })
  const { tasks } = await server.until(runId, 'SUCCESS')
  const { body } = await server.get(`/runs/${runId}`)

  expect(tasks.length).toBe(2)
  expect(body.inputs).toEqual({ topic: 'tides', pages: 3, since: null })
  expect(body.last_executed_task.description).toBe('Write 3 pages')
})
