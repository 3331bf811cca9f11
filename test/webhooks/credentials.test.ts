import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startReceiver } from '../harness/receiver.ts'
import { REVIEWED_CREW, startTestServer } from '../harness/server.ts'

const env = { OUTBOUND_ALLOWED_HOSTS: '127.0.0.1' }

test('neither credentials nor the secret part of a webhook URL stand in the data', async () => {
  await using receiver = await startReceiver({ answers: () => ({ status: 500 }) })
  const server = await startTestServer({ env, crews: { desk: REVIEWED_CREW } })
  const runId = await server.kickoff({
    inputs: { letter: 'a complaint' },
    taskWebhookUrl: `${receiver.url}/canary-path?key=canary-query`,
    humanInputWebhook: {
      url: `${receiver.url}/canary-path`,
      authentication: { strategy: 'bearer', token: 'canary-token' },
    },
  })
  await receiver.next()
  const answer = {
    execution_id: runId,
    task_id: 'reply_task',
    human_feedback: '',
    is_approve: true,
    humanInputWebhook: {
      url: `${receiver.url}/canary-other`,
      authentication: { strategy: 'basic', username: 'canary-name', password: 'canary-password' },
    },
  }
  expect((await server.post('/resume', answer)).status).toBe(200)
  await receiver.until((requests) => requests.length === 3)
  await server.until(runId, 'SUCCESS')
  await server.close()

  const files = globSync(`${server.directory}/data/*`)
  expect(files.some((file) => file.endsWith('coxswain.db'))).toBe(true)
  for (const file of files) expect(readFileSync(file, 'latin1')).not.toContain('canary')
  await server[Symbol.asyncDispose]()
})
