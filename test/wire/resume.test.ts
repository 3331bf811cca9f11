import { expect, test } from 'vitest'
import { createGuard } from '../../src/net/guard.ts'
import { fromResume, ResumeRequest, ResumeResponse, toResume } from '../../src/wire/resume.ts'
import { makeRun } from '../harness/samples.ts'

const guard = createGuard([])
const read = (body: unknown) => toResume(ResumeRequest.parse(body), null, guard)

test.each([
  ["AMP's document", { execution_id: 'e', task_id: 't', human_feedback: 'f', is_approve: true }],
  ["AMP's live server", { executionId: 'e', taskId: 't', humanFeedback: 'f', isApprove: true }],
  ['mixed spellings', { executionId: 'e', task_id: 't', human_feedback: 'f', isApprove: true }],
  ['the id of the kickoff', { kickoff_id: 'e', taskId: 't', humanFeedback: 'f', is_approve: true }],
  ['the same in camelCase', { kickoffId: 'e', taskId: 't', humanFeedback: 'f', is_approve: true }],
  [
    'every spelling at once',
    {
      execution_id: 'e',
      executionId: 'e',
      task_id: 't',
      taskId: 't',
      human_feedback: 'f',
      humanFeedback: 'f',
      is_approve: true,
      isApprove: true,
    },
  ],
  [
    'null for a spelling not used',
    { execution_id: null, executionId: 'e', taskId: 't', humanFeedback: 'f', isApprove: true },
  ],
])('a resume is understood in %s', (_, body) => {
  expect(read(body)).toEqual({
    runId: 'e',
    crew: null,
    taskId: 't',
    digest: null,
    approved: true,
    feedback: 'f',
    webhooks: {},
  })
})

const IDS = { execution_id: 'e', task_id: 't' }

test.each([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
  ['True', true],
])('is_approve %o means %o', (is_approve, approved) => {
  expect(read({ ...IDS, is_approve, human_feedback: 'f' }).approved).toBe(approved)
})

test.each([[undefined], [null], ['']])('an approval needs no feedback: %o', (human_feedback) => {
  expect(read({ ...IDS, is_approve: true, human_feedback }).feedback).toBe('')
})

test.each([
  ['no body', undefined, ['execution_id', 'task_id', 'is_approve']],
  ['no execution', { task_id: 't', is_approve: true }, ['execution_id']],
  ['a number as task', { ...IDS, task_id: 4, is_approve: true }, ['task_id']],
  ['no approve flag', { ...IDS, human_feedback: 'f' }, ['is_approve']],
  ['yes as approve flag', { ...IDS, is_approve: 'yes' }, ['is_approve']],
  ['1 as approve flag', { ...IDS, is_approve: 1 }, ['is_approve']],
  ['a rejection without feedback', { ...IDS, is_approve: false }, ['human_feedback']],
  [
    'a rejection with blanks',
    { ...IDS, is_approve: false, human_feedback: ' ' },
    ['human_feedback'],
  ],
  ['a list', [], ['']],
])('a resume with %s is refused', (_, body, fields) => {
  const { error } = ResumeRequest.safeParse(body)
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(fields)
})

test('a resume without an approve flag is told what to say', () => {
  const { error } = ResumeRequest.safeParse({ ...IDS, human_feedback: 'f' })
  expect(error?.issues[0]?.message).toMatch(/^say true .* or false /)
})

test('a resume replaces the webhooks it gives and leaves the others', () => {
  const { webhooks } = read({
    ...IDS,
    is_approve: true,
    crewWebhookUrl: 'https://example.com/crew',
    taskWebhookUrl: '',
    stepWebhookUrl: null,
  })
  expect(webhooks).toEqual({ crew: { url: 'https://example.com/crew', authentication: null } })
})

test('a resume names the webhook URL that the guard refuses', () => {
  const body = { ...IDS, is_approve: true, stepWebhookUrl: 'http://10.0.0.1/' }
  expect(() => read(body)).toThrow(/^stepWebhookUrl: must /)
})

test.each([
  [true, 'resumed', 'Execution resumed successfully'],
  [false, 'retrying', 'Task will be retried with your feedback'],
])('the answer to a resume with approval %o says %s', (isApproved, status, message) => {
  const run = makeRun()
  const body = fromResume(run, isApproved)
  expect(body).toEqual({ status, message, kickoff_id: run.id, execution_id: run.id })
  expect(ResumeResponse.strict().parse(body)).toEqual(body)
})
