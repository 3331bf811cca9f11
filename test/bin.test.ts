import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryDirectory } from './harness/temporary-directory.ts'

/** As npx and a supervisor have it: without the project's Node before the machine's. */
const PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((directory) => !directory.includes('node_modules'))
  .join(delimiter)

test('the command runs in a checkout on whatever Node the machine has', async () => {
  const command = ['bin/coxswain.js', 'inputs', 'travel-planner']
  const { stdout } = await promisify(execFile)('node', command, { env: { PATH } })

  expect(stdout).toBe('budget\ninterests\nduration\nage\n')
})

test('what the command exits with is what its program exits with', async () => {
  const run = promisify(execFile)('node', ['bin/coxswain.js', 'nonsense'], { env: { PATH } })

  await expect(run).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Usage: coxswain'),
  })
})

test('SIGTERM to the command ends the server in good order', async () => {
  using directory = temporaryDirectory()
  const env = {
    PATH,
    PORT: '0',
    DATABASE_URL: `sqlite:${join(directory.path, 'data/coxswain.db')}`,
  }
  const child = spawn('node', ['bin/coxswain.js', 'serve'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout }))
    if (line.startsWith('Coxswain listens')) break
  child.kill('SIGTERM')

  expect(await once(child, 'exit')).toEqual([0, null])
})
