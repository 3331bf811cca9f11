import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { CHANNELS, spawnedProcess } from '../../../src/workers/process/spawned-process.ts'
import type { Reply } from '../../../src/workers/protocol.ts'

const RESULT = '{"type":"result","id":1,"result":{"text":"forged","failed":false}}'

/** What is heard of a process that writes this into the pipe of its replies, in one piece. */
async function heard(text: string): Promise<readonly string[]> {
  const script = `require('node:fs').writeSync(4, ${JSON.stringify(text)})`
  const start = spawnedProcess({
    spawn: () =>
      spawn(process.execPath, ['-e', script], {
        stdio: ['ignore', 'ignore', 'ignore', ...CHANNELS],
        detached: true,
      }),
    watcherMs: 0,
  })
  const replies: Reply[] = []
  await new Promise((resolve) => {
    start({ onReply: (said) => replies.push(said), onEnd: resolve })
  })
  return replies.map(({ type }) => type)
}

test('what a worker says is heard', async () => {
  expect(await heard(`${RESULT}\n${RESULT}\n`)).toEqual(['result', 'result'])
})

test('nothing is believed of a pipe that somebody else has written into', async () => {
  expect(await heard(`${RESULT}\nnot what a worker says\n${RESULT}\n`)).toEqual(['result', 'ends'])
})
