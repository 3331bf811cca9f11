import { expect, test } from 'vitest'
import { NO_WEBHOOKS } from '../../src/runs/run.ts'
import { fromRun, fromRuns, RunDetail, RunList, RunsQuery } from '../../src/wire/runs.ts'
import { fromStop, StopResponse } from '../../src/wire/stop.ts'
import { makeReport, makeRun, START } from '../harness/samples.ts'

test.each([
  [{}, { limit: 20 }],
  [
    { limit: '100', crew: 'a', status: 'waiting', cursor: 'c', other: 'x' },
    { limit: 100, crew: 'a', status: 'waiting', cursor: 'c' },
  ],
])('a query for runs %o is read as %o', (query, filter) => {
  expect(RunsQuery.parse(query)).toEqual(filter)
})

test.each([
  [{ limit: '0' }],
  [{ limit: '101' }],
  [{ limit: '1.5' }],
  [{ limit: 'all' }],
  [{ limit: ['1', '2'] }],
  [{ status: 'SUCCESS' }],
])('a query for runs %o is refused', (query) => {
  expect(RunsQuery.safeParse(query).success).toBe(false)
})

test('a page of runs has each in short, in our own words', () => {
  const body = fromRuns({ runs: [makeRun({ status: 'stopped', error: 'Why.' })], nextCursor: 'c2' })
  expect(body).toEqual({
    runs: [
      {
        kickoff_id: makeRun().id,
        crew: 'research',
        run_status: 'stopped',
        created_at: '2026-01-02T03:04:05.000Z',
        started_at: '2026-01-02T03:04:06.000Z',
        updated_at: '2026-01-02T03:04:07.000Z',
        ended_at: null,
        crew_version: 'v1',
        simulated: false,
        error: 'Why.',
        meta: { ticket: 7 },
      },
    ],
    next_cursor: 'c2',
  })
  expect(RunList.strict().parse(body)).toEqual(body)
})

test('a run in full is its status and more, but never what a webhook URL keeps secret', () => {
  const hooks = { origin: 'https://hooks.example.com:8443', endpoint: 's3cret', address: 's3cret' }
  const humanInput = { ...hooks, origin: 'https://a.example' }
  const webhooks = { ...NO_WEBHOOKS, task: hooks, humanInput }
  const body = fromRun(
    makeReport({ webhooks }),
    { topic: 'bees' },
    { resultFormat: 'object', now: START },
  )
  expect(body).toMatchObject({
    state: 'STARTED',
    run_status: 'running',
    crew: 'research',
    inputs: { topic: 'bees' },
    webhooks: {
      task: 'https://hooks.example.com:8443',
      step: null,
      crew: null,
      human_input: 'https://a.example',
    },
  })
  expect(JSON.stringify(body)).not.toContain('s3cret')
  expect(RunDetail.strict().parse(body)).toEqual(body)
})

test('the answer to a stop has the id in both spellings', () => {
  const { id } = makeRun()
  const body = fromStop(makeRun())
  expect(body).toEqual({ status: 'stopped', kickoffId: id, kickoff_id: id })
  expect(StopResponse.strict().parse(body)).toEqual(body)
})
