import { expect, test } from 'vitest'
import { openOutbox } from './open-outbox.ts'
import { eventually, receive, startSender } from './start-sender.ts'

/** Makes another body every time, as a newer version of the server might. */
function changing() {
  let made = 0
  return {
    made: () => made,
    render: async ({ sequence }: { readonly sequence: number }) => {
      made += 1
      return JSON.stringify({ sequence, made })
    },
  }
}

test('a body is made when the message is first sent, and is the same on every attempt', async () => {
  await using receiver = await receive({ answers: [{ status: 500 }, 'close', { status: 500 }] })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  const { made, render } = changing()
  expect(made()).toBe(0)
  await using _sender = startSender(outbox, { render })
  await receiver.until((requests) => requests.length === 4)

  expect(receiver.requests.map(({ body }) => body)).toEqual(
    Array(4).fill('{"sequence":1,"made":1}'),
  )
  expect(made()).toBe(1)
})

test('a body is kept before it is sent, so that a killed server sends the same again', async () => {
  await using receiver = await receive({ answers: ['hang'] })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url })
  {
    await using _killed = startSender(outbox, changing())
    await receiver.next()
    expect(await outbox.list(runId)).toMatchObject([{ attempts: 0, body: expect.any(String) }])
  }
  await using _sender = startSender(outbox, { render: async () => 'another body' })
  expect((await receiver.next()).body).toBe('{"sequence":1,"made":1}')
})

test('the body of a delivered message is not kept, and that of one that is given up is', async () => {
  await using receiver = await receive({
    answers: ({ path }) => (path === '/no' ? { status: 500 } : {}),
  })
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(
    runId,
    { url: `${receiver.url}/yes` },
    { url: `${receiver.url}/no`, body: '"b"' },
  )
  await using _sender = startSender(outbox, { scheduleMs: [] })

  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([
      { status: 'delivered', body: null },
      { status: 'failed', body: '"b"' },
    ]),
  )
})

test('a message that cannot be made is tried again like one that does not arrive, and says nothing of its receiver', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url, body: '1' }, { url: receiver.url, body: '2' })
  let failures = 2
  const render: typeof outbox.render = (told) => {
    if (told.sequence > 1 || failures === 0) return outbox.render(told)
    failures -= 1
    return Promise.reject(new Error('the event cannot be read'))
  }
  await using sender = startSender(outbox, { render })
  await receiver.until((requests) => requests.length === 2)
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([
      { status: 'delivered', attempts: 3 },
      { status: 'delivered', attempts: 1 },
    ]),
  )

  expect(sender.lines.join()).toContain('the event cannot be read')
})

test('a message whose address cannot be decrypted is given up at once, and no other', async () => {
  await using receiver = await receive()
  await using outbox = await openOutbox()
  const runId = await outbox.startRun()
  await outbox.put(runId, { url: receiver.url }, { url: receiver.url })
  const [first] = await outbox.list(runId)
  await outbox.database.db
    .updateTable('deliveries')
    .set({ address: 'v1.00000000.AAAA' })
    .where('id', '=', first?.id ?? '')
    .execute()
  await using sender = startSender(outbox)
  await receiver.next()
  await eventually(async () =>
    expect(await outbox.list(runId)).toMatchObject([
      { status: 'failed', attempts: 1, lastError: 'Its address cannot be decrypted.' },
      { status: 'delivered' },
    ]),
  )

  expect(sender.lines.join()).toContain('The key 00000000 is missing')
})
