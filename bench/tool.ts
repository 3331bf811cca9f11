// What a tool call costs in the process of its crew: the start of that process, one call at a time, and many at once.
import { readFileSync, realpathSync } from 'node:fs'
import type { Tool } from '../src/tools/tool.ts'
import { toolContext } from '../src/tools/tool-context.ts'
import { nodeCrewCode } from '../src/workers/node/node-crew-code.ts'
import { quantile, spread } from './statistics.ts'

const STARTS = 5
const CALLS = 5_000
const SIDE_BY_SIDE = 100

const startMs: number[] = []
const start = async () => {
  const before = performance.now()
  const code = nodeCrewCode(realpathSync('test/fixtures/crews/lab'), {})
  const [loaded] = await code.load([{ key: 'tools/lab.ts' }])
  startMs.push(performance.now() - before)
  const { value: tool } = loaded as { readonly value: Tool }
  return { code, tool }
}
for (let count = 1; count < STARTS; count += 1) await (await start()).code.stop()
const { code, tool } = await start()
const { signal, ...context } = toolContext()
const call = async () => {
  const outcome = await tool.call({ arguments: '{"how":"pid"}', context, signal })
  return 'text' in outcome ? outcome.text : ''
}
const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

// The first calls warm the compilers up.
for (let count = 0; count < CALLS; count += 1) await call()
const callMs: number[] = []
for (let count = 0; count < CALLS; count += 1) {
  const before = performance.now()
  await call()
  callMs.push(performance.now() - before)
}
const [before, cpuBefore] = [performance.now(), cpuMs()]
for (let count = 0; count < CALLS; count += SIDE_BY_SIDE)
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, call))
const [elapsedMs, spentMs] = [performance.now() - before, cpuMs() - cpuBefore]
const pages = Number(readFileSync(`/proc/${await call()}/statm`, 'utf8').split(' ')[1])

console.log(`process started, tool loaded: ${spread(startMs, 0)} ms (${STARTS} starts)`)
console.log(
  `a call: p50 ${quantile(callMs, 0.5).toFixed(2)} ms, p99 ${quantile(callMs, 0.99).toFixed(2)} ms`,
)
console.log(
  `${SIDE_BY_SIDE} side by side: ${((CALLS / elapsedMs) * 1000).toFixed(0)} calls a second, ${(spentMs / CALLS).toFixed(3)} ms CPU of the server each`,
)
console.log(`the process then holds ${((pages * 4096) / 1e6).toFixed(0)} MB`)
await code.stop()
