import { expect, test, vi } from 'vitest'
import type { CrewEvent } from '../../src/crew/events.ts'
import type { Answer, CrewHost, Fact, Question } from '../../src/crew/host.ts'

const STARTED: CrewEvent = { type: 'crew_kickoff_started', data: { crew: 'press' } }

/** Any fact, with a text of its own. */
export function fact(output: string | null = null): Fact {
  return { event: STARTED, output }
}

export function question(key: string): Question {
  const about = { task: 'write', agent: 'writer' }
  return {
    kind: 'review',
    key,
    ...about,
    outputStep: 'write/1/llm/1',
    output: 'Draft',
    digest: 'd',
  }
}

type Given = Pick<Answer, 'approved' | 'feedback'>

interface OpenedHost {
  readonly host: CrewHost
  close(): Promise<void>
}

/**
 * What every host does alike.
 *
 * @param open a host of a new run, whose one person gives this answer
 */
export function testHost(name: string, open: (answer: Given) => Promise<OpenedHost>): void {
  const answer = { approved: false, feedback: 'Shorter' }

  test(`${name} does a step once and gives what it brought`, async () => {
    const { host, close } = await open(answer)
    const effect = vi.fn(async () => fact('paid'))

    const done = await host.step({ key: 'write/1/llm/1', started: STARTED, effect })

    expect(done).toMatchObject({ event: STARTED, output: 'paid', at: expect.any(Number) })
    expect(effect).toHaveBeenCalledExactlyOnceWith({
      signal: host.signal,
      isRepeat: false,
      retries: 0,
      failing: null,
    })
    await close()
  })

  test(`${name} passes on what a step throws, and goes on`, async () => {
    const { host, close } = await open(answer)
    const failing = async () => {
      throw new Error('the provider is down')
    }
    const step = { key: 'write/1/llm/1', started: STARTED }

    await expect(host.step({ ...step, effect: failing })).rejects.toThrow('the provider is down')
    const next = { key: 'write/1/llm/2', started: STARTED, effect: async () => fact('paid') }
    await expect(host.step(next)).resolves.toMatchObject({ output: 'paid' })
    await close()
  })

  test(`${name} gives a fact back as it was said, with its instant`, async () => {
    const { host, close } = await open(answer)
    const before = Date.now()

    const said = host.emit('write/started', fact())

    expect(said).toMatchObject(fact())
    expect(said.at).toBeGreaterThanOrEqual(before)
    await close()
  })

  test(`${name} brings the answer of a person`, async () => {
    const { host, close } = await open(answer)

    const given = await host.ask(question('write/1/human'))

    expect(given).toEqual({ ...answer, waitedMs: expect.any(Number) })
    expect(given.waitedMs).toBeGreaterThanOrEqual(0)
    await close()
  })
}
