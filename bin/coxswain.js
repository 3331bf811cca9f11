#!/usr/bin/env node
// Starts the command on the Node that the project brings, whatever the machine's own is: from dist/, or in a checkout
// that was not built, from its sources. Plain JavaScript, for every Node that npm runs on.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MIN_NODE = 24

const root = fileURLToPath(new URL('..', import.meta.url))
const built = join(root, 'dist/cli.js')
const fromSources = [
  '--import',
  new URL('../src/compile-cache.js', import.meta.url).href,
  '--conditions=development',
  join(root, 'src/cli.ts'),
]
const program = existsSync(built) ? [built] : fromSources
const args = ['--max-semi-space-size=4', ...program, ...process.argv.slice(2)]

const child = spawn(findNode(), args, { stdio: 'inherit' })
// A supervisor sends it to this process alone. What a terminal sends goes to both, and twice would be an order to hurry.
process.on('SIGTERM', () => child.kill('SIGTERM'))
for (const signal of ['SIGINT', 'SIGHUP'])
  process.on(signal, () => process.stdin.isTTY || child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal]
})

function findNode() {
  const isNew = Number.parseInt(process.versions.node, 10) >= MIN_NODE
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const own = join(root, 'node_modules/node/bin', name)
  return isNew || !existsSync(own) ? process.execPath : own
}
