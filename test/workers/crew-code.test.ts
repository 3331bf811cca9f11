import { cpSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Tool } from '../../src/tools/tool.ts'
import { nodeCrewCode } from '../../src/workers/node/node-crew-code.ts'
import { callOf } from '../harness/call-of.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'
import { type OpenedLab, openLab } from './open-lab.ts'
import { isAlive, PATIENT } from './worker-contract.ts'

const waited = { text: 'waited', failed: false }
const failed = (reason: string) => ({ text: `The tool failed: ${reason}`, failed: true })

/** Resolves when so many calls of the laboratory have begun, at least. */
const begun = ({ ledger }: OpenedLab, calls: number) =>
  vi.waitFor(() => expect(ledger().length).toBeGreaterThanOrEqual(calls), PATIENT)

const pidOf = async ({ call }: OpenedLab, runId = 'run-1') => {
  const outcome = await call('pid', { runId })
  return Number('text' in outcome && outcome.text)
}

test('calls share one process, which ends when nobody has called it for a while', async () => {
  await using lab = await openLab({ idleMs: 100 })

  const pid = await pidOf(lab)
  expect(await pidOf(lab)).toBe(pid)
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENT)

  const next = await pidOf(lab)
  expect(next).not.toBe(pid)
  await lab.code.stop()
  expect(isAlive(next)).toBe(false)
})

test('code that is retired ends with its last call, which is not failed by it', async () => {
  await using lab = await openLab()
  const pid = await pidOf(lab)
  const waiting = lab.call('wait', { ms: 500 })
  await begun(lab, 2)
  const retired = lab.code.retire()

  expect(await waiting).toEqual(waited)
  await retired
  expect(isAlive(pid)).toBe(false)
  expect(lab.ledger()).toEqual(['run-1/pid', 'run-1/wait'])
})

test('a call that spoils its process fails once, and others that are in flight there end there', async () => {
  await using lab = await openLab()

  const [guilty, innocent] = await Promise.all([
    lab.call('throwLater'),
    lab.call('wait', { runId: 'run-2', ms: 500 }),
  ])

  expect(guilty).toEqual(failed('it threw outside of its call: thrown later'))
  expect(innocent).toEqual(waited)
  expect(lab.ledger().toSorted()).toEqual(['run-1/throwLater', 'run-2/wait'])
  expect(lab.logged).toContainEqual(
    expect.objectContaining({
      tool: 'tools/lab.ts',
      runId: 'run-1',
      type: 'threw',
      reason: 'it threw outside of its call: thrown later',
    }),
  )
})

test('a call that ends its process is not made again; the innocent ones are, with the same key', async () => {
  await using lab = await openLab()
  const innocent = lab.call('wait', { runId: 'run-2', ms: 2_000 })
  await begun(lab, 1)

  expect(await lab.call('abort')).toEqual(failed('it called process.abort()'))

  expect(await innocent).toEqual(waited)
  expect(lab.ledger()).toEqual(['run-2/wait', 'run-1/abort', 'run-2/wait'])
})

test.each(['fail', 'ask'] as const)(
  'a call whose outcome is unknown is not made again when its tool says %s',
  async (onCrash) => {
    await using lab = await openLab()
    const innocent = lab.call('wait', { runId: 'run-2', ms: 2_000, onCrash })
    await begun(lab, 1)

    await lab.call('abort')

    expect(await innocent).toEqual({ unknown: 'its process was ended by another call' })
    expect(lab.ledger()).toEqual(['run-2/wait', 'run-1/abort'])
  },
)

test('of several suspects each is alone the next time, so that the culprit is found and called no more', async () => {
  await using lab = await openLab()

  const [guilty, innocent] = await Promise.all([
    lab.call('grow'),
    lab.call('wait', { runId: 'run-2', ms: 5_000 }),
  ])

  expect(guilty).toEqual(failed('its process took more than 512 MB of memory'))
  expect(innocent).toEqual(waited)
  const keys = ['run-1/grow', 'run-1/grow', 'run-2/wait', 'run-2/wait']
  expect(lab.ledger().toSorted()).toEqual(keys)
})

test('calls beside one that never lets go are made again elsewhere within seconds', async () => {
  await using lab = await openLab()
  const before = performance.now()

  const looping = lab.call('loop')
  const innocent = await lab.call('wait', { runId: 'run-2' })

  expect(innocent).toEqual(waited)
  expect(performance.now() - before).toBeLessThan(10_000)
  expect(await looping).toEqual(failed('it kept its process busy without a pause'))
  expect(lab.ledger().filter((key) => key === 'run-1/loop')).toHaveLength(1)
})

test('a tool that has spoilt a process is called apart for the same run, later for all', async () => {
  await using lab = await openLab()
  await lab.call('exit')

  expect(await pidOf(lab)).not.toBe(await pidOf(lab))
  expect(await pidOf(lab, 'run-2')).toBe(await pidOf(lab, 'run-3'))

  await lab.call('exit', { runId: 'run-2' })
  await lab.call('exit', { runId: 'run-3' })
  expect(await pidOf(lab, 'run-4')).not.toBe(await pidOf(lab, 'run-5'))
})

test('what is left of a tool that is called apart ends with its call', async () => {
  await using lab = await openLab()
  await lab.call('exit')
  const spoilt = () => lab.logged.filter(({ type }) => type === 'threw').length
  const before = spoilt()

  const outcome = await lab.call('throwAfterwards', { ms: 10_000 })

  const pid = Number('text' in outcome && outcome.text)
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENT)
  expect(spoilt()).toBe(before)
})

test('a run whose tools end their process again and again is told to end; others go on', async () => {
  await using lab = await openLab()
  for (let time = 1; time <= 4; time += 1)
    expect(await lab.call('exit')).toEqual(failed('it called process.exit(3)'))

  await expect(lab.call('exit')).rejects.toThrow(
    'The tools of this run have ended their process 5 times, the last time tools/lab.ts: it called process.exit(3)',
  )
  expect(await lab.call('wait', { runId: 'run-2' })).toEqual(waited)
})

test('a call that is given up is given up at once, wherever it waits', async () => {
  await using lab = await openLab()
  await lab.call('exit')
  const stop = new AbortController()
  const reason = new Error('stopped')

  // Some are in processes of their own, the others wait for one.
  const calls = Array.from({ length: 8 }, () =>
    lab.call('hang', { runId: 'run-2', signal: stop.signal }),
  )
  await begun(lab, 3)
  stop.abort(reason)

  for (const call of calls) await expect(call).rejects.toBe(reason)
})

test('code finds the variables of the environment, but not the secrets of the server', async () => {
  vi.stubEnv('SEARCH_KEY', 'mine')
  for (const name of ['COXSWAIN_TOKEN', 'WEBHOOK_SECRET', 'ENCRYPTION_KEY', 'DATABASE_URL'])
    vi.stubEnv(name, 'hidden')
  await using lab = await openLab()
  vi.unstubAllEnvs()

  const { text } = (await lab.call('environment')) as { text: string }

  expect(JSON.parse(text)).toMatchObject({ SEARCH_KEY: 'mine' })
  expect(text).not.toContain('hidden')
})

test('what code prints is logged, and does not disturb its calls', async () => {
  await using lab = await openLab()

  expect(await lab.call('print')).toEqual({ text: 'printed', failed: false })

  await vi.waitFor(
    () =>
      expect(lab.logged.map(({ output }) => output)).toEqual(
        expect.arrayContaining(['{"type":"result","id":1}', 'a complaint']),
      ),
    PATIENT,
  )
})

test('the hash of code follows what it imports, not where it lies', async () => {
  using one = temporaryDirectory()
  using two = temporaryDirectory()
  for (const { path } of [one, two])
    cpSync('test/fixtures/crews/lab', join(path, 'lab'), { recursive: true })
  const hashOf = async (path: string) => {
    const code = nodeCrewCode(join(realpathSync(path), 'lab'), {})
    await code.load([{ key: 'tools/lab.ts' }])
    await code.stop()
    return code.codeHash()
  }

  const first = await hashOf(one.path)
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(await hashOf(two.path)).toBe(first)
  writeFileSync(join(two.path, 'lab/tools/other.ts'), 'a file that is not loaded')
  expect(await hashOf(two.path)).toBe(first)
  writeFileSync(join(two.path, 'lab/chunk.ts'), 'export const CHUNK_BYTES = 1')
  expect(await hashOf(two.path)).not.toBe(first)
})

test('code that was changed or broken since it was loaded says so when it is called', async () => {
  using directory = temporaryDirectory()
  const dir = join(realpathSync(directory.path), 'lab')
  cpSync('test/fixtures/crews/lab', dir, { recursive: true })
  const code = nodeCrewCode(dir, { idleMs: 50 })
  const [loaded] = await code.load([{ key: 'tools/lab.ts' }])
  const tool = (loaded as { value: Tool }).value
  await callOf(tool, { how: 'pid' })
  await code.stop()

  writeFileSync(join(dir, 'tools/lab.ts'), "throw new Error('no luck')")

  expect(await callOf(tool, { how: 'pid' })).toEqual(failed('it cannot be loaded: no luck'))
  await code.stop()
})
