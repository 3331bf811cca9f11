// A process that has a worker, and tells its id and that of a process that the worker has started.
import { realpathSync } from 'node:fs'
import type { Tool } from '../../src/tools/tool.ts'
import { nodeCrewCode } from '../../src/workers/node/node-crew-code.ts'
import { pythonCrewCode } from '../../src/workers/python/python-crew-code.ts'
import { LAB, LAB_DIR, PYTHON } from '../workers/python/python-lab.ts'
import { callOf } from './call-of.ts'

const [language, last] = process.argv.slice(2)
const [loaded] =
  language === 'python'
    ? await pythonCrewCode(LAB_DIR, { interpreter: PYTHON }).load([LAB])
    : await nodeCrewCode(realpathSync('test/fixtures/crews/lab'), {}).load([
        { key: 'tools/lab.ts' },
      ])
const { value: tool } = loaded as { readonly value: Tool }
const call = async (how: string) => {
  const outcome = await callOf(tool, { how })
  return 'text' in outcome ? outcome.text : ''
}
const pids = [await call('pid'), await call('spawn')]
if (last === undefined) process.stdout.write(`${JSON.stringify(pids)}\n`)
else {
  setTimeout(() => process.stdout.write(`${JSON.stringify(pids)}\n`), 200)
  await call(last)
}
