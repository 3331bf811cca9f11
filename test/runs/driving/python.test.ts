import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { labAnswers } from '../../harness/lab-crew.ts'
import { startModelServer } from '../../harness/model-server.ts'
import { pythonLabCrew } from '../../harness/python-lab-crew.ts'
import { startTestServer } from '../../harness/server.ts'
import { temporaryDirectory } from '../../harness/temporary-directory.ts'
import { PYTHON } from '../../workers/python/python-lab.ts'

const python = test.runIf(PYTHON !== null)
const RUNS = 50

python(
  'a Python process that is killed in the middle of 50 runs ends none, and no finished call is made again',
  async () => {
    await using opened = new AsyncDisposableStack()
    const { path: directory } = opened.use(temporaryDirectory())
    const model = opened.use(await startModelServer({ answers: labAnswers }))
    const ledger = `${directory}/ledger`
    writeFileSync(ledger, '')
    const server = opened.use(
      await startTestServer({
        directory,
        crews: { lab: pythonLabCrew() },
        env: {
          OPENAI_BASE_URL: model.baseUrl,
          COXSWAIN_SIMULATE: 'off',
          COXSWAIN_PYTHON: PYTHON ?? '',
        },
      }),
    )
    const calls = () => readFileSync(ledger, 'utf8').split('\n').slice(0, -1)
    const kickoff = (how: string, ms: number) => server.kickoff({ inputs: { how, ms, ledger } })
    const { result } = await server.until(await kickoff('pid', 0), 'SUCCESS')
    const pid = Number(String(result.output).replace('Told: ', ''))

    const ids = await Promise.all(Array.from({ length: RUNS }, () => kickoff('wait', 500)))
    await vi.waitFor(() => expect(calls().length).toBeGreaterThan(RUNS / 2), 20_000)
    const states = await Promise.all(
      ids.map(async (id) => (await server.get(`/status/${id}`)).body),
    )
    const finished = new Set(ids.filter((_, index) => states[index].state === 'SUCCESS'))
    process.kill(pid, 'SIGKILL')
    const ends = await Promise.all(ids.map((id) => server.until(id, 'SUCCESS')))

    expect(ends.map((end) => end.result.output)).toEqual(ids.map(() => 'Told: waited'))
    expect(finished.size).toBeGreaterThan(0)
    expect(finished.size).toBeLessThan(RUNS)
    const made = Map.groupBy(calls(), (key) => key)
    const keyOf = (id: string) => `${id}/try_task/1/tool/1.1`
    expect(ids.filter((id) => finished.has(id) && made.get(keyOf(id))?.length !== 1)).toEqual([])
    expect(ids.every((id) => made.has(keyOf(id)))).toBe(true)
    // What was cut off was made again; that is what this is about.
    expect(calls().length).toBeGreaterThan(RUNS + 1)
  },
)
