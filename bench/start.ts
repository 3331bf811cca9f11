// From the start of the process to the first good answer, and the memory it then holds while idle.
import { execFileSync, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryDirectory } from '../test/harness/temporary-directory.ts'
import { endInOrder } from './end-in-order.ts'
import { serveCommand } from './measured-process.ts'

const STARTS = 5
const IDLE_MS = 5_000
const PORT = 18_432
const MAX_BOOT_MS = 20_000

endInOrder({ withinMs: 300_000 })
using directory = temporaryDirectory()
const bootMs: number[] = []
const memoryMb: number[] = []

for (let start = 0; start < STARTS; start += 1) {
  const before = performance.now()
  const child = spawn(process.execPath, serveCommand(), {
    env: { PORT: String(PORT), DATABASE_URL: `sqlite:${directory.path}/data/coxswain.db` },
    stdio: 'ignore',
  })
  const kill = () => child.kill('SIGKILL')
  process.prependOnceListener('exit', kill)
  while (!(await isReady())) {
    if (child.exitCode !== null || performance.now() - before > MAX_BOOT_MS)
      throw new Error('the server did not start')
    await delay(5)
  }
  bootMs.push(performance.now() - before)
  await delay(IDLE_MS)
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], {
    encoding: 'utf8',
  })
  memoryMb.push(Number(kilobytes) / 1024)
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
  process.off('exit', kill)
}

async function isReady(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${PORT}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

const describe = (values: readonly number[]) =>
  `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`
console.log(`ready after ${describe(bootMs)} ms (${STARTS} starts, the first makes the database)`)
console.log(`idle memory ${describe(memoryMb)} MB resident, ${IDLE_MS / 1000} s after the start`)
