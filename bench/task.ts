// What a task costs beside its model: runs of three tasks on a model that answers at once, journaled on a real file.
import { pino } from 'pino'
import { newAgent } from '../src/crew/agent.ts'
import { createCatalog } from '../src/crew/catalog.ts'
import { newCrew } from '../src/crew/crew.ts'
import { newTask } from '../src/crew/task.ts'
import { openDatabase } from '../src/db/open.ts'
import { inProcessDispatch } from '../src/dispatch/in-process.ts'
import { scriptedModel } from '../src/llm/scripted.ts'
import { createRuns } from '../src/runs/create-runs.ts'
import { NO_WEBHOOKS } from '../src/runs/run.ts'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { endInOrder } from './end-in-order.ts'

const RUNS = 500
const CONCURRENT_RUNS = 20
const ROUNDS = 4
const TASKS = ['research_task', 'write_task', 'review_task']

const texts = { role: 'Worker', goal: 'Work on {topic}', backstory: 'You work.' }
const crew = newCrew({
  name: 'bench',
  agents: [newAgent({ key: 'worker', ...texts })],
  tasks: TASKS.map((name) =>
    newTask({
      name,
      description: `Do the ${name} about {topic}`,
      expectedOutput: 'A text',
      agent: 'worker',
    }),
  ),
})

endInOrder({ withinMs: 300_000 })
using directory = temporaryDirectory()
const log = pino({ level: 'warn' })

/** CPU and wall time per task, in ms. */
async function measure(round: number): Promise<{ cpuMs: number; wallMs: number }> {
  const database = await openDatabase(`sqlite:${directory.path}/round-${round}.db`)
  const dispatch = inProcessDispatch({
    maxConcurrentRuns: CONCURRENT_RUNS,
    health: database.health,
    log,
  })
  const answer = { content: 'A paragraph of an answer. '.repeat(40) }
  const model = scriptedModel(Array(RUNS * TASKS.length).fill(answer))
  const allDone = Promise.withResolvers<void>()
  let left = RUNS
  const runs = createRuns({
    database,
    dispatch,
    catalog: createCatalog([crew], null),
    model: () => model,
    isSimulated: () => false,
    changedCode: 'continue',
    maxQueuedRuns: RUNS,
    followers: [
      async (_tx, _run, events) => {
        left -= events.filter(({ type }) => type === 'crew_kickoff_completed').length
        if (left === 0) allDone.resolve()
        return undefined
      },
    ],
    sealWebhooks: () => NO_WEBHOOKS,
    inputVault: {
      seal: (_, inputs) => JSON.stringify(inputs),
      open: (_, text) => JSON.parse(text),
    },
    isAccepting: () => true,
    log,
  })
  const request = { crew: crew.name, inputs: { topic: 'tides' }, meta: {}, webhooks: NO_WEBHOOKS }
  await Promise.all(Array.from({ length: RUNS }, () => runs.kickoff(request)))

  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  await runs.recover()
  await allDone.promise
  const { user, system } = process.cpuUsage(cpuBefore)
  const wallMs = performance.now() - before
  model.assertDone()
  await dispatch.stop(0)
  await database.close()
  const tasks = RUNS * TASKS.length
  return { cpuMs: (user + system) / 1000 / tasks, wallMs: wallMs / tasks }
}

const rounds: Awaited<ReturnType<typeof measure>>[] = []
// The first round warms the compiler up.
for (let round = 0; round <= ROUNDS; round += 1) rounds.push(await measure(round))
const spread = (values: readonly number[]) =>
  `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`
const warm = rounds.slice(1)
console.log(
  `a task: ${spread(warm.map(({ cpuMs }) => cpuMs))} ms CPU, ${spread(warm.map(({ wallMs }) => wallMs))} ms wall (${ROUNDS} rounds of ${RUNS} runs of ${TASKS.length} tasks, ${CONCURRENT_RUNS} at a time)`,
)
