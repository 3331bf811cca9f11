import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { labAnswers } from '../../harness/lab-crew.ts'
import { startModelServer } from '../../harness/model-server.ts'
import { pythonLabCrew } from '../../harness/python-lab-crew.ts'
import type { CrewFiles } from '../../harness/write-crews.ts'
import { PYTHON } from '../../workers/python/python-lab.ts'
import { isAlive, PATIENT } from '../../workers/worker-contract.ts'
import { startWatched, type WatchedServer } from './watched-server.ts'

/** Waits for a file named `go`, and says which code it is. */
const toolOf = (word: string, extra = '') => `
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { defineTool } from 'coxswain'
import { z } from 'zod'
${extra}
export default defineTool({
  name: 'look',
  description: 'Looks',
  parameters: z.object({ folder: z.string() }),
  async execute({ folder }) {
    appendFileSync(folder + '/begun', process.pid + '\\n')
    while (!existsSync(folder + '/go')) await setTimeout(10)
    return '${word}'
  },
})
`

const crewOf = (word: string): CrewFiles => ({
  'config/agents.yaml': 'watcher: { role: W, goal: G, backstory: B, tools: [look] }',
  'config/tasks.yaml':
    'look_task: { description: "Look at {folder}.", expected_output: What is seen, agent: watcher }',
  'tools/look.ts': toolOf(word),
})

/** A model that calls the tool twice, one call after the other, and answers with what it was told. */
async function startLookingModel() {
  return startModelServer({
    answers: ({ body }) => {
      const told = body.messages.filter(({ role }) => role === 'tool').map(({ content }) => content)
      if (told.length === 2) return { message: { content: `Saw ${told.join(' and ')}.` } }
      const text = body.messages.map(({ content }) => content).join('\n')
      const folder = /Look at (\S+)\./.exec(text)?.[1]
      const call = { name: 'look', arguments: JSON.stringify({ folder }) }
      const calls = [{ id: `call_${told.length}`, type: 'function', function: call }]
      return { message: { content: null, tool_calls: calls }, finishReason: 'tool_calls' }
    },
  })
}

const pidsOf = (folder: string) =>
  existsSync(join(folder, 'begun'))
    ? readFileSync(join(folder, 'begun'), 'utf8').trim().split('\n').map(Number)
    : []

async function untilBegun(folder: string): Promise<number> {
  return vi.waitFor(() => {
    const [pid] = pidsOf(folder)
    if (pid === undefined) throw new Error('the tool has not begun')
    return pid
  }, PATIENT)
}

async function factsOf({ database }: WatchedServer, runId: string) {
  const rows = await database.db
    .selectFrom('journal')
    .select(['type', 'data'])
    .where('runId', '=', runId)
    .orderBy('seq')
    .execute()
  return rows.filter(({ type }) => type === 'crew_code_changed')
}

test('a tool that is changed while it is called ends its call as it was, and the next one is the new', async () => {
  await using model = await startLookingModel()
  const env = { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl }
  await using server = await startWatched({ crews: { watch: crewOf('the old') }, env })
  const folder = server.directory
  const runId = await server.kickoff({ inputs: { folder } })
  const pid = await untilBegun(folder)
  server.write('watch/tools/look.ts', toolOf('the new'))
  const news = await server.untilNews('watch', 1)
  expect(news).toMatchObject({ type: 'changed', changes: [], hasOtherCode: true })
  expect(isAlive(pid)).toBe(true)
  writeFileSync(join(folder, 'go'), '')
  const { result } = await server.until(runId, 'SUCCESS')

  expect(JSON.stringify(result)).toContain('Saw the old and the new.')
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENT)
  expect(pidsOf(folder).length).toBe(2)
  expect(await factsOf(server, runId)).toHaveLength(1)
})

test('with CHANGED_CODE=fail a run that is driven calls no other code than it was started with', async () => {
  await using model = await startLookingModel()
  const env = {
    COXSWAIN_SIMULATE: 'off',
    OPENAI_BASE_URL: model.baseUrl,
    CHANGED_CODE: 'fail',
  }
  await using server = await startWatched({ crews: { watch: crewOf('the old') }, env })
  const folder = server.directory
  const runId = await server.kickoff({ inputs: { folder } })
  await untilBegun(folder)
  server.write('watch/tools/look.ts', toolOf('the new'))
  await server.untilNews('watch', 1)
  writeFileSync(join(folder, 'go'), '')
  const { error } = await server.until(runId, 'FAILED')

  expect(error).toContain('CHANGED_CODE=continue')
  expect(pidsOf(folder).length).toBe(1)
})

test('code that is broken keeps the crew served; what it reads and what it shares is followed, too', async () => {
  await using model = await startLookingModel()
  const env = { COXSWAIN_SIMULATE: 'off', OPENAI_BASE_URL: model.baseUrl }
  const shared = "import '../../shared/word.ts'\n"
  const crew = { ...crewOf('the old'), 'tools/look.ts': toolOf('the old', shared) }
  const crews = { shared: { 'word.ts': 'export const word = 1' }, watch: crew }
  await using server = await startWatched({ crews, env })
  server.write('watch/tools/look.ts', toolOf('the old', `${shared} throw new Error('no')`))
  expect(await server.untilNews('watch', 1)).toMatchObject({ type: 'kept' })
  server.write('watch/tools/look.ts', crew['tools/look.ts'])
  expect(await server.untilNews('watch', 2)).toMatchObject({
    type: 'changed',
    isMended: true,
    changes: [],
  })
  server.write('watch/words.json', '[]')
  expect(await server.untilNews('watch', 3)).toMatchObject({ type: 'changed', hasOtherCode: false })
  server.write('shared/word.ts', 'export const word = 2')
  expect(await server.untilNews('watch', 4)).toMatchObject({ type: 'changed', hasOtherCode: true })
  server.write('shared/README.md', 'Nothing that anybody imports.')
  server.write('press/config/agents.yaml', 'clerk: { role: Clerk }')
  await vi.waitFor(
    () => expect(server.reloads().at(-1)?.problems.length).toBeGreaterThan(0),
    PATIENT,
  )

  expect(server.newsOf('watch').length).toBe(4)
})

test.runIf(PYTHON !== null)(
  'a tool in Python that is changed is called in another process, and the old one ends',
  async () => {
    await using model = await startModelServer({ answers: labAnswers })
    const env = {
      COXSWAIN_SIMULATE: 'off',
      OPENAI_BASE_URL: model.baseUrl,
      COXSWAIN_PYTHON: PYTHON ?? '',
    }
    const crew = pythonLabCrew()
    await using server = await startWatched({ crews: { lab: crew }, env })
    const ledger = join(server.directory, 'ledger')
    writeFileSync(ledger, '')
    const pidOf = async () => {
      const runId = await server.kickoff({ inputs: { how: 'pid', ms: 0, ledger } })
      const { result } = await server.until(runId, 'SUCCESS')
      return Number(String(result.output).replace('Told: ', ''))
    }
    const pid = await pidOf()
    server.write('lab/tools/lab.py', `${crew['tools/lab.py']}\n# changed\n`)
    await server.untilNews('lab', 1)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENT)

    expect(await pidOf()).not.toBe(pid)
  },
)
