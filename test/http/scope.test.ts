import { expect, test } from 'vitest'
import type { KickoffRequest, ResumeRequest } from '../../src/runs/runs.ts'
import { openApp } from '../harness/app.ts'
import { makeCrew, makeReport, makeRun } from '../harness/samples.ts'

const CREWS = [makeCrew(), makeCrew({ name: 'travel', tasks: [], agents: [] })]

test.each([
  ['/inputs', [makeCrew()], ['topic', 'audience']],
  ['/crews/research/inputs', CREWS, ['topic', 'audience']],
  ['/crews/travel/inputs', CREWS, []],
])('GET %s answers for its crew', async (url, crews, inputs) => {
  await using app = await openApp({ crews })
  const response = await app.inject(url)
  expect(response.statusCode).toBe(200)
  expect(response.json().inputs).toEqual(inputs)
})

test.each([
  ['/kickoff', [makeCrew()], 'research'],
  ['/crews/travel/kickoff', CREWS, 'travel'],
])('POST %s kicks its crew off', async (url, crews, crew) => {
  const requests: KickoffRequest[] = []
  const kickoff = async (request: KickoffRequest) => {
    requests.push(request)
    return makeRun()
  }
  await using app = await openApp({ crews, runs: { kickoff } })
  const payload = { inputs: { topic: 'bees' } }
  const response = await app.inject({ method: 'POST', url, payload })
  expect(response.json()).toEqual({ kickoff_id: makeRun().id })
  expect(requests).toMatchObject([{ crew, inputs: { topic: 'bees' } }])
})

test.each([
  ['GET', '/status/r1', null],
  ['GET', '/r1/status', null],
  ['POST', '/stop/r1', null],
  ['GET', '/runs/r1', null],
  ['GET', '/crews/travel/status/r1', 'travel'],
  ['GET', '/crews/travel/r1/status', 'travel'],
  ['POST', '/crews/travel/stop/r1', 'travel'],
] as const)('%s %s reaches runs of %s', async (method, url, owner) => {
  const calls: unknown[] = []
  const runs = {
    find: async (...args: unknown[]) => {
      calls.push(args)
      return makeRun()
    },
    report: async () => makeReport(),
    inputs: async () => ({}),
    stop: async (...args: unknown[]) => {
      calls.push(args)
      return makeRun()
    },
  }
  await using app = await openApp({ crews: CREWS, runs })
  const response = await app.inject({ method, url })
  expect(response.statusCode).toBe(200)
  expect(response.json().kickoff_id).toBe(makeRun().id)
  expect(calls).toEqual([['r1', owner]])
})

test.each([
  ['/resume', null],
  ['/crews/travel/resume', 'travel'],
])('POST %s reaches runs of %s', async (url, crew) => {
  const requests: ResumeRequest[] = []
  const resume = async (request: ResumeRequest) => {
    requests.push(request)
    return makeRun()
  }
  await using app = await openApp({ crews: CREWS, runs: { resume } })
  const payload = { executionId: 'r1', taskId: 't', isApprove: true }
  const response = await app.inject({ method: 'POST', url, payload })
  expect(response.json()).toMatchObject({ status: 'resumed', kickoff_id: makeRun().id })
  expect(requests).toMatchObject([{ runId: 'r1', crew, taskId: 't', approved: true }])
})

test.each([
  ['GET', '/inputs'],
  ['POST', '/kickoff'],
] as const)('%s %s without a default crew says where the crews are', async (method, url) => {
  await using app = await openApp({ crews: CREWS })
  const response = await app.inject({ method, url })
  expect(response.statusCode).toBe(404)
  expect(response.json()).toMatchObject({
    message: expect.stringContaining('/crews/research, /crews/travel'),
    code: 'no_default_crew',
  })
})

test.each([
  ['GET', '/crews/nobody'],
  ['GET', '/crews/nobody/inputs'],
  ['POST', '/crews/nobody/kickoff'],
  ['GET', '/crews/nobody/status/r1'],
  ['GET', '/crews/__proto__/inputs'],
] as const)('%s %s says that there is no such crew', async (method, url) => {
  await using app = await openApp({ crews: CREWS })
  const response = await app.inject({ method, url })
  expect(response.statusCode).toBe(404)
  expect(response.json().code).toBe('crew_not_found')
})

test('GET /crews lists all of them, and GET /crews/<crew> shows one', async () => {
  await using app = await openApp({ crews: CREWS })
  const list = (await app.inject('/crews')).json()
  expect(list.crews).toMatchObject([{ name: 'research' }, { name: 'travel' }])
  const crew = (await app.inject('/crews/research')).json()
  expect(crew).toMatchObject({ name: 'research', tasks: [{ name: 'research_task' }] })
})

test('GET /runs passes the filter on, and the page back', async () => {
  const filters: unknown[] = []
  const list = async (filter: unknown) => {
    filters.push(filter)
    return { runs: [makeRun()], nextCursor: 'c2' }
  }
  await using app = await openApp({ runs: { list } })
  const response = await app.inject('/runs?crew=travel&status=failed&limit=5&cursor=c1')
  expect(response.json()).toMatchObject({ runs: [{ run_status: 'running' }], next_cursor: 'c2' })
  expect(filters).toEqual([{ crew: 'travel', status: 'failed', limit: 5, cursor: 'c1' }])
})

test.each([
  ['object', '/status/r1', { output: 'Bees dance.', tasks: [] }],
  ['string', '/status/r1', 'Bees dance.'],
  ['object', '/r1/status?result=string', 'Bees dance.'],
  ['string', '/runs/r1?result=object', { output: 'Bees dance.', tasks: [] }],
] as const)(
  'RESULT_FORMAT %s and GET %s bring the result as %o',
  async (resultFormat, url, result) => {
    const { run, ...report } = makeReport({ status: 'completed' }, { output: 'Bees dance.' })
    const runs = { find: async () => run, report: async () => ({ run, ...report }) }
    await using app = await openApp({ resultFormat, runs: { ...runs, inputs: async () => ({}) } })
    expect((await app.inject(url)).json().result).toEqual(result)
  },
)
