import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test, vi } from 'vitest'
import { isAlive, PATIENT } from './worker-contract.ts'

const FLAGS = ['--conditions=development', 'test/harness/worker-parent-process.ts']

/** A process with a worker, which tells its pids once the worker is at its last call. */
async function startParent(language: string, ...lastCall: readonly string[]) {
  const parent = spawn(process.execPath, [...FLAGS, language, ...lastCall], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(parent, 'exit')
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  const pids: readonly number[] = JSON.parse(line).map(Number)
  return { parent, pids, exited }
}

/** What becomes of a worker without its server. */
export function testOrphans(language: 'node' | 'python'): void {
  test.each(['hang', 'loop'])(
    `a worker in ${language} that is at a call that does %s ends when its server is killed, with all it has started`,
    async (how) => {
      const { parent, pids, exited } = await startParent(language, how)
      expect(pids.map(isAlive)).toEqual([true, true])

      parent.kill('SIGKILL')
      await exited

      await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), PATIENT)
    },
  )

  test(`a worker in ${language} without a call keeps no process from ending, and ends with it`, async () => {
    const { pids, exited } = await startParent(language)

    expect(await exited).toEqual([0, null])
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), PATIENT)
  })

  test(`a worker in ${language} is not ended by a signal that is meant for its server`, async () => {
    const { parent, pids, exited } = await startParent(language, 'hang')
    const [pid = 0] = pids
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal)

    await expect(vi.waitFor(() => expect(isAlive(pid)).toBe(false), 300)).rejects.toThrow()
    parent.kill('SIGKILL')
    await exited
  })
}
