import { expect, test, vi } from 'vitest'
import type { Reference } from '../../src/workers/protocol.ts'
import type { CallOutcome, Spoiling, StartWorker, WorkerCall } from '../../src/workers/worker.ts'

/** Code that a worker is tried with, written in the language of that worker. */
export interface Laboratory {
  readonly start: StartWorker
  /** A tool that does to its process what its argument `how` says. */
  readonly lab: Reference
  readonly other: Reference
  /** Throws while it is loaded. */
  readonly broken: Reference
  /** Ends its process while it is loaded. */
  readonly deadly: Reference
  readonly nowhere: Reference
  /** What a model is told of the arguments `{"ms": "x"}`. */
  readonly misfit: string
  /** What it is told of what is thrown. */
  readonly thrown: string
  /** What ends the process, and how that is told. */
  readonly ends: readonly (readonly [how: string, reason: string])[]
}

const context = {
  runId: 'run-1',
  task: 'research_task',
  idempotencyKey: 'run-1/research_task/1/tool/1.1',
  meta: { ticket: 7 },
  tenant: 'acme',
  user: null,
}

/** A worker with its laboratory loaded, and everything that spoilt it. */
async function open({ start, lab }: Laboratory) {
  const spoilings: Spoiling[] = []
  const worker = start((spoiling) => spoilings.push(spoiling))
  await worker.load([lab])
  const call = (how: string, parts: Partial<WorkerCall & { ms: number }> = {}) => {
    const { ms = 200, ...rest } = parts
    const { signal } = new AbortController()
    const args = JSON.stringify({ how, ms })
    const common = { key: lab.key, do: 'tool', context, timeoutMs: 20_000, signal } as const
    return worker.call({ ...common, arguments: args, ...rest })
  }
  return { worker, spoilings, call, [Symbol.asyncDispose]: () => worker.stop() }
}

const text = (outcome: CallOutcome) => (outcome.type === 'result' ? outcome.result.text : outcome)
const result = (value: string, failed = false) => ({
  type: 'result',
  result: { text: value, failed },
})

/** For what comes after the system, or a busy machine, has taken note. */
export const PATIENT = { timeout: 10_000, interval: 50 }

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** What every worker does alike. */
export function testWorker(name: string, laboratory: Laboratory): void {
  const { start, lab, other, broken, deadly, nowhere, misfit, thrown } = laboratory

  test(`${name} gives data of the tools it has loaded, and tells what is broken`, async () => {
    const worker = start(() => {})
    const loading = await worker.load([lab, broken, other])

    expect(loading).toMatchObject({
      codeHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      loaded: [
        {
          key: lab.key,
          value: { $: ['tool', lab.key] },
          tools: [
            {
              key: lab.key,
              name: 'Lab',
              description: 'Does something to its process.',
              parameters: { schema: { properties: { ms: { type: 'number', default: 100 } } } },
              resultAsAnswer: false,
              timeoutMs: 20_000,
              onCrash: 'retry',
            },
          ],
        },
        { key: broken.key, error: expect.stringContaining('broken') },
        { key: other.key, tools: [{ name: 'Other', timeoutMs: 60_000, onCrash: 'fail' }] },
      ],
    })
    expect(await worker.load([nowhere])).toMatchObject({
      loaded: [{ key: nowhere.key, error: expect.stringContaining('nowhere') }],
    })
    await worker.stop()
  })

  test(`${name} names the code that ends it while it is loaded`, async () => {
    const worker = start(() => {})

    expect(await worker.load([lab, deadly, other])).toEqual({
      key: deadly.key,
      reason: expect.any(String),
    })
    expect(await worker.load([lab])).toMatchObject({ key: null })
  })

  test(`${name} passes arguments and context on, with defaults`, async () => {
    await using opened = await open(laboratory)

    const outcome = await opened.call('echo', { arguments: '{"how":"echo"}' })

    expect(JSON.parse(String(text(outcome)))).toEqual({
      args: { how: 'echo', ms: 100 },
      context,
      isAborted: false,
    })
  })

  test(`${name} tells a model what is wrong with its arguments`, async () => {
    await using opened = await open(laboratory)

    expect(text(await opened.call('echo', { arguments: '{"how": "ec' }))).toMatch(
      /must be one JSON object.*\{"how": "ec$/,
    )
    expect(text(await opened.call('echo', { arguments: '{"how":"echo","ms":"x"}' }))).toContain(
      misfit,
    )
    expect(text(await opened.call('echo', { key: 'tools/gone.ts' }))).toBe(
      'The tool failed: the crew has no tools/gone.ts any more',
    )
  })

  test(`${name} makes calls side by side, and an error ends its call alone`, async () => {
    await using opened = await open(laboratory)

    const outcomes = await Promise.all(['wait', 'throw', 'print'].map((how) => opened.call(how)))

    expect(outcomes).toEqual([result('waited'), result(thrown, true), result('printed')])
    expect(opened.spoilings).toEqual([])
  })

  test(`${name} gives up a call that takes too long, and goes on`, async () => {
    await using opened = await open(laboratory)

    expect(await opened.call('hang', { timeoutMs: 30 })).toEqual(
      result('The tool gave no result within 0.03 s.', true),
    )
    expect(await opened.call('wait')).toEqual(result('waited'))
    expect(opened.spoilings).toEqual([])
  })

  test(`${name} gives up a call whose signal is aborted, with its reason`, async () => {
    await using opened = await open(laboratory)
    const stop = new AbortController()
    const reason = new Error('stopped')

    const hanging = opened.call('hang', { signal: stop.signal })
    stop.abort(reason)

    await expect(hanging).rejects.toBe(reason)
    await expect(opened.call('wait', { signal: stop.signal })).rejects.toBe(reason)
    expect(await opened.call('wait')).toEqual(result('waited'))
  })

  test.each(laboratory.ends)(
    `${name} is ended by a call that does %s, and knows that the others are innocent`,
    async (how, reason) => {
      await using opened = await open(laboratory)
      const waiting = opened.call('wait', { ms: 15_000 })

      const guilty = await opened.call(how, { ms: 15_000 })

      expect(guilty).toEqual({ type: 'guilty', reason })
      expect(await waiting).toEqual({ type: 'cut_off', reason, isSuspect: false })
      expect(opened.spoilings.at(-1)).toEqual({
        type: 'ended',
        reason,
        origin: { tool: lab.key, runId: 'run-1' },
      })
      expect(await opened.call('wait')).toMatchObject({ type: 'cut_off', isSuspect: false })
    },
  )

  test(`${name} suspects all calls when it cannot be told who took the memory`, async () => {
    await using opened = await open(laboratory)

    const outcomes = await Promise.all([opened.call('grow'), opened.call('wait', { ms: 15_000 })])

    const reason = 'its process took more than 512 MB of memory'
    const suspect = { type: 'cut_off', reason, isSuspect: true }
    expect(outcomes).toEqual([suspect, suspect])
    expect(opened.spoilings).toContainEqual({ type: 'ended', reason, origin: null })
  })

  test(`${name} says that its memory gets short before it is ended for it`, async () => {
    await using opened = await open(laboratory)

    await opened.call('grow', { ms: 20, timeoutMs: 20_000 })

    expect(opened.spoilings.map(({ type }) => type)).toEqual(['worn', 'ended'])
  })

  test(`${name} is ended from outside: the only call is blamed, of several each is suspect`, async () => {
    for (const calls of [1, 2]) {
      await using opened = await open(laboratory)
      const pid = Number(text(await opened.call('pid')))
      const hanging = Array.from({ length: calls }, () => opened.call('hang'))
      await opened.call('echo')
      process.kill(pid, 'SIGKILL')

      const reason = 'its process ended (SIGKILL)'
      const expected =
        calls === 1 ? { type: 'guilty', reason } : { type: 'cut_off', reason, isSuspect: true }
      expect(await Promise.all(hanging)).toEqual(Array(calls).fill(expected))
    }
  })

  test(`${name} lets a call that is alone block until its time-out`, async () => {
    await using opened = await open(laboratory)

    expect(await opened.call('block', { ms: 6_000 })).toEqual(result('blocked'))
    expect(opened.spoilings.map(({ type }) => type)).toEqual(['blocks'])

    expect(await opened.call('loop', { timeoutMs: 3_000 })).toEqual({
      type: 'guilty',
      reason: 'it kept its process busy without a pause, and gave no result within 3 s',
    })
  })

  test(`${name} that blocks is not kept for a call that nobody waits for`, async () => {
    await using opened = await open(laboratory)
    const stop = new AbortController()
    const pid = Number(text(await opened.call('pid')))
    const looping = opened.call('loop', { signal: stop.signal })
    await vi.waitFor(() => expect(opened.spoilings).toHaveLength(1), 10_000)

    stop.abort(new Error('stopped'))

    await expect(looping).rejects.toThrow('stopped')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENT)
  })

  test(`${name} leaves nothing behind that it has started, when it ends by itself`, async () => {
    await using opened = await open(laboratory)
    const pid = Number(text(await opened.call('spawn')))
    expect(isAlive(pid)).toBe(true)

    await opened.call('abort')

    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENT)
  })

  test(`${name} leaves no process behind when it is stopped`, async () => {
    const { worker, call } = await open(laboratory)
    const pids = [Number(text(await call('pid'))), Number(text(await call('spawn')))]
    const hanging = call('hang')

    await worker.stop()
    await worker.stop()

    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), PATIENT)
    expect(await hanging).toMatchObject({ type: 'cut_off', isSuspect: false })
  })
}

/** What those do alike that an error outside of a call would end. */
export function testWorkerThatThrows(name: string, laboratory: Laboratory): void {
  const { lab } = laboratory

  test.each([
    ['throwLater', 'it threw outside of its call: thrown later'],
    ['emitError', 'it threw outside of its call: emitted'],
    ['reject', 'it did not wait for a promise that was rejected: rejected'],
    ['exit', 'it called process.exit(3)'],
  ])(`${name} blames a call that does %s, and lets the others end`, async (how, reason) => {
    await using opened = await open(laboratory)

    const [guilty, innocent] = await Promise.all([opened.call(how), opened.call('wait')])

    expect(guilty).toEqual({ type: 'guilty', reason })
    expect(innocent).toEqual(result('waited'))
    expect(opened.spoilings).toEqual([
      { type: 'threw', reason, origin: { tool: lab.key, runId: 'run-1' } },
    ])
  })

  test(`${name} knows whose code throws after its call`, async () => {
    await using opened = await open(laboratory)

    expect(await opened.call('throwAfterwards', { ms: 20 })).toMatchObject({ type: 'result' })
    expect(await opened.call('wait')).toEqual(result('waited'))

    const reason = 'it threw outside of its call: thrown afterwards'
    await vi.waitFor(
      () =>
        expect(opened.spoilings).toEqual([
          { type: 'threw', reason, origin: { tool: lab.key, runId: 'run-1' } },
        ]),
      PATIENT,
    )
  })

  test(`${name} knows whose code throws when it is told to stop`, async () => {
    await using opened = await open(laboratory)
    const stop = new AbortController()
    const hanging = opened.call('throwWhenAborted', { signal: stop.signal })
    await opened.call('wait', { ms: 50 })

    stop.abort(new Error('stopped'))

    await expect(hanging).rejects.toThrow('stopped')
    const reason = 'it threw outside of its call: thrown when aborted'
    await vi.waitFor(
      () =>
        expect(opened.spoilings).toEqual([
          { type: 'threw', reason, origin: { tool: lab.key, runId: 'run-1' } },
        ]),
      PATIENT,
    )
  })

  test(`${name} knows whose code blocks when it is told to stop`, async () => {
    await using opened = await open(laboratory)
    const stop = new AbortController()
    const hanging = opened.call('loopWhenAborted', { signal: stop.signal })
    const waiting = opened.call('wait', { ms: 15_000, context: { ...context, runId: 'run-2' } })
    await opened.call('wait', { ms: 50 })

    stop.abort(new Error('stopped'))

    await expect(hanging).rejects.toThrow('stopped')
    expect(await waiting).toMatchObject({ type: 'cut_off', isSuspect: false })
    expect(opened.spoilings.map(({ origin }) => origin?.runId)).toEqual(['run-1', 'run-1'])
  })
}
