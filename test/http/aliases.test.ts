import { expect, test } from 'vitest'
import { RESEARCH_CREW, startTestServer } from '../harness/server.ts'

const RENAMED = { ...RESEARCH_CREW, 'crew.yaml': 'input_aliases: { topic: [subject, theme] }' }

test('an input that was renamed may be given under its other names', async () => {
  await using server = await startTestServer({ crews: { research: RENAMED } })
  const { body: needed } = await server.get('/inputs')
  const runId = await server.kickoff({ inputs: { subject: 'tides', other: 1 } })
  const { result } = await server.until(runId, 'SUCCESS')

  expect(needed.inputs).toEqual(['topic'])
  expect(needed.schema.properties.topic['x-aliases']).toEqual(['subject', 'theme'])
  expect(result.output).toContain('Write about tides')
  const { body: run } = await server.get(`/runs/${runId}`)
  expect(run.inputs).toEqual({ topic: 'tides', other: 1 })
})

test('an input that is given twice with different values is refused, and nothing is started', async () => {
  await using server = await startTestServer({ crews: { research: RENAMED } })
  const { status, body } = await server.post('/kickoff', {
    inputs: { topic: 'tides', theme: 'ebbs' },
  })

  expect(status).toBe(422)
  expect(body.code).toBe('validation_failed')
  expect(body.details.fields).toMatchObject([{ field: 'inputs.theme' }])
  expect((await server.get('/runs')).body.runs).toEqual([])
})
