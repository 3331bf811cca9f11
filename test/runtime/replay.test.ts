import { expect, test } from 'vitest'
import type { Crew } from '../../src/crew/crew.ts'
import { Interruption } from '../../src/crew/host.ts'
import type { CrewOutput } from '../../src/crew/output.ts'
import type { Model } from '../../src/llm/model.ts'
import { type ModelChoice, newChoice } from '../../src/llm/model-choice.ts'
import { scriptedModel } from '../../src/llm/scripted.ts'
import { runCrew } from '../../src/runtime/run-crew.ts'
import { emptyMemory, type Memory, rememberingHost } from './remembering-host.ts'
import { agent, crew, lookup, task } from './samples.ts'

/**
 * A run with everything that can be interrupted: a manager, coworkers that work side by side, tools, a failing model,
 * a person who rejects once. Each agent has its own script, because they call at the same time.
 */
function pressRun() {
  const delegate = (coworker: string) => ({
    name: 'delegate_work_to_coworker',
    arguments: { task: `Work of ${coworker}`, context: '', coworker },
  })
  const scripts: Record<string, ReturnType<typeof scriptedModel>> = {
    manager: scriptedModel([
      { toolCalls: [delegate('researcher'), delegate('writer'), delegate('editor')] },
      { content: 'Draft' },
      { content: 'Better' },
      { toolCalls: [delegate('writer')] },
      { content: 'Published' },
    ]),
    researcher: scriptedModel([
      {
        toolCalls: ['bee', 'wasp', 'ant'].map((word) => ({ name: 'look_up', arguments: { word } })),
      },
      { content: 'Facts' },
    ]),
    writer: scriptedModel([{ content: 'Words' }, { content: 'More words' }]),
    editor: scriptedModel([{ error: 'editor/model answered 500' }]),
  }
  const words: string[] = []
  const tools = [lookup(({ word }) => `${words.push(word)} ${word}`)]
  const press: Crew = crew({
    agents: [
      agent('researcher', { llm: newChoice({ name: 'researcher' }), tools }),
      agent('writer', { llm: newChoice({ name: 'writer' }) }),
      agent('editor', { llm: newChoice({ name: 'editor' }) }),
    ],
    tasks: [task('write', { agent: null, humanInput: true }), task('publish', { agent: null })],
    process: 'hierarchical',
    managerLlm: newChoice({ name: 'manager' }),
  })
  const model = ({ name }: ModelChoice): Model => {
    const script = scripts[name ?? '']
    if (!script) throw new Error(`No model ${name}`)
    return script
  }
  return {
    press,
    model,
    words,
    calls: () => Object.values(scripts).reduce((sum, { requests }) => sum + requests.length, 0),
    assertDone() {
      for (const script of Object.values(scripts)) script.assertDone()
    },
  }
}

/** Executes the run again and again, the person answering in between, until it has an output. */
async function runToTheEnd(
  memory: Memory,
  options: Parameters<typeof rememberingHost>[1] & { press: Crew },
): Promise<CrewOutput> {
  for (;;) {
    try {
      return await runCrew(options.press, {}, rememberingHost(memory, options))
    } catch (error) {
      if (!(error instanceof Interruption)) throw error
      if (memory.question) {
        const approved = memory.answers.size > 0
        memory.answers.set(memory.question.key, { approved, feedback: 'Hm', waitedMs: 0 })
        memory.question = null
      }
    }
  }
}

const withoutTimes = ({ tasks, ...output }: CrewOutput) => ({
  ...output,
  tasks: tasks.map(({ executionTimeMs: _, ...rest }) => rest),
})

/** What a run said, without order and times: coworkers speak at the same time. */
const saidIn = ({ events }: Memory) =>
  events
    .map((event) => JSON.stringify(event, (key, value) => (/Ms$/.test(key) ? undefined : value)))
    .toSorted()

test('a run executed again over its steps pays for nothing and ends the same', async () => {
  const run = pressRun()
  const memory = emptyMemory()
  const first = await runToTheEnd(memory, run)
  run.assertDone()
  const { length } = memory.events
  const callsOfFirst = run.calls()

  const second = await runCrew(
    run.press,
    {},
    rememberingHost(memory, { model: run.model, newSteps: 0 }),
  )

  expect(first).toMatchObject({
    raw: 'Published',
    tasks: [{ raw: 'Better' }, { raw: 'Published' }],
  })
  expect(second).toEqual(first)
  expect(run.calls()).toBe(callsOfFirst)
  expect(run.words).toHaveLength(3)
  expect(memory.events).toHaveLength(length)
})

test('a run interrupted before every step in turn ends the same, each step done once', async () => {
  const whole = pressRun()
  const expected = await runToTheEnd(emptyMemory(), whole)
  const interrupted = pressRun()
  const memory = emptyMemory()

  const output = await runToTheEnd(memory, { ...interrupted, newSteps: 1 })

  interrupted.assertDone()
  expect(withoutTimes(output)).toEqual(withoutTimes(expected))
  expect(interrupted.words.toSorted()).toEqual(['ant', 'bee', 'wasp'])
  expect(interrupted.calls()).toBe(whole.calls())
})

test('a run interrupted once, wherever that is, ends the same, each step done once', async () => {
  const whole = pressRun()
  const memoryOfWhole = emptyMemory()
  const expected = await runToTheEnd(memoryOfWhole, whole)
  const steps = memoryOfWhole.steps.size
  expect(steps).toBeGreaterThan(12)

  for (let newSteps = 0; newSteps < steps; newSteps += 1) {
    const run = pressRun()
    const memory = emptyMemory()
    await runCrew(run.press, {}, rememberingHost(memory, { model: run.model, newSteps })).catch(
      (error: unknown) => expect(error).toBeInstanceOf(Interruption),
    )

    const output = await runToTheEnd(memory, run)

    run.assertDone()
    expect(withoutTimes(output)).toEqual(withoutTimes(expected))
    expect(run.words.toSorted()).toEqual(['ant', 'bee', 'wasp'])
    expect(saidIn(memory)).toEqual(saidIn(memoryOfWhole))
  }
})

test('an interrupted run leaves nothing under way', async () => {
  let open = 0
  using model = scriptedModel([
    { toolCalls: ['bee', 'wasp', 'ant'].map((word) => ({ name: 'look_up', arguments: { word } })) },
  ])
  const slow = lookup(async ({ word }) => {
    open += 1
    await new Promise((resolve) => setImmediate(resolve))
    open -= 1
    return word
  })

  const run = runCrew(
    crew({ agents: [agent('writer', { tools: [slow] })] }),
    {},
    rememberingHost(emptyMemory(), { model: () => model, newSteps: 3 }),
  )

  await expect(run).rejects.toBeInstanceOf(Interruption)
  expect(open).toBe(0)
})
