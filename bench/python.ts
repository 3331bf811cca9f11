// What a call in the project's Python costs: the start of that process, plain, with the stand-in for CrewAI's tools and
// with CrewAI itself, one call at a time, and many at once. COXSWAIN_PYTHON names an interpreter that has CrewAI.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tool } from '../src/tools/tool.ts'
import { toolContext } from '../src/tools/tool-context.ts'
import { type PythonOptions, pythonCrewCode } from '../src/workers/python/python-crew-code.ts'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { quantile, spread } from './statistics.ts'

const STARTS = 5
const CALLS = 5_000
const SIDE_BY_SIDE = 100

const TOOL = `
import os

from crewai.tools import tool


@tool
def pid() -> str:
    """Gives the id of its process."""
    return str(os.getpid())
`

using directory = temporaryDirectory()
writeFileSync(join(directory.path, 'tool.py'), TOOL)
const interpreter = process.env['COXSWAIN_PYTHON'] ?? null
const { signal, ...context } = toolContext()

async function open(mode: PythonOptions['mode'] & string, names: Readonly<Record<string, string>>) {
  const code = pythonCrewCode(directory.path, { interpreter, mode })
  const references = Object.entries(names).map(([expr, path]) => ({
    key: expr,
    expr,
    names: { [expr]: { import: path } },
    at: 'crew.py:1',
  }))
  const before = performance.now()
  const loaded = await code.load(references)
  const startMs = performance.now() - before
  const broken = loaded.find((one) => 'error' in one)
  if (broken !== undefined && 'error' in broken) throw new Error(broken.error)
  const [first] = loaded
  const tool = first !== undefined && 'value' in first ? (first.value as Tool) : undefined
  return { code, tool, startMs }
}

async function measureStart(
  label: string,
  mode: PythonOptions['mode'] & string,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  const startsMs: number[] = []
  for (let count = 0; count < STARTS; count += 1) {
    const { code, startMs } = await open(mode, names)
    startsMs.push(startMs)
    await code.stop()
  }
  console.log(`${label}: started and loaded in ${spread(startsMs, 0)} ms (${STARTS} starts)`)
}

async function measureCalls(label: string, mode: PythonOptions['mode'] & string): Promise<void> {
  const { code, tool } = await open(mode, { pid: 'tool:pid' })
  const call = async () => {
    const outcome = await tool?.call({ arguments: '{}', context, signal })
    return outcome !== undefined && 'text' in outcome ? outcome.text : ''
  }
  // The first calls warm the compilers up.
  for (let count = 0; count < CALLS / 5; count += 1) await call()
  const callMs: number[] = []
  for (let count = 0; count < CALLS; count += 1) {
    const before = performance.now()
    await call()
    callMs.push(performance.now() - before)
  }
  const before = performance.now()
  for (let count = 0; count < CALLS; count += SIDE_BY_SIDE)
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, call))
  const perSecond = (CALLS / (performance.now() - before)) * 1000
  const pages = Number(readFileSync(`/proc/${await call()}/statm`, 'utf8').split(' ')[1])
  console.log(
    `${label}: a call p50 ${quantile(callMs, 0.5).toFixed(2)} ms, p99 ${quantile(callMs, 0.99).toFixed(2)} ms; ${SIDE_BY_SIDE} side by side ${perSecond.toFixed(0)} a second; the process holds ${((pages * 4096) / 1e6).toFixed(0)} MB`,
  )
  await code.stop()
}

await measureStart('plain Python', 'light', { getpid: 'os:getpid' })
await measureStart('stand-in', 'light', { pid: 'tool:pid' })
await measureCalls('stand-in', 'light')
try {
  await measureStart('CrewAI', 'real', { pid: 'tool:pid' })
  await measureCalls('CrewAI', 'real')
} catch (error) {
  console.log(`CrewAI: not measured (${String(error)})`)
}
