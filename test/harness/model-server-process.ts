import { appendFileSync } from 'node:fs'
import { startModelServer } from './model-server.ts'

/**
 * The model server as its own process, so that killing what is tested cannot lose the ledger:
 * `node model-server-process.ts <ledger file> [latency in ms]`. Prints `{"port":…}`, and appends one JSON line for each
 * request to the file. After a SIGTERM the ledger is complete once the process has ended.
 */
const [ledgerFile, latencyMs = '0'] = process.argv.slice(2)
if (ledgerFile === undefined)
  throw new Error('Usage: model-server-process.ts <ledger file> [latency in ms]')

const server = await startModelServer({
  latencyMs: Number(latencyMs),
  onEntry: (entry) => appendFileSync(ledgerFile, `${JSON.stringify(entry)}\n`),
})
process.once('SIGTERM', () => server[Symbol.asyncDispose]())
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`)
