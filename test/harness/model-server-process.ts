import { appendFileSync } from 'node:fs'
import { startModelServer } from './model-server.ts'
import { sizedAnswer } from './sized-answer.ts'

/**
 * The model server as its own process: its CPU time is nobody else's, and killing what is tested cannot lose its ledger.
 * `node model-server-process.ts [latency in ms] [ledger file]`. Prints `{"port":…}`, forgets what it was asked, and
 * appends one JSON line for each request to the file. Answers are as long as the prompt asks for. After a SIGTERM the
 * ledger is complete once the process has ended.
 */
const [latencyMs = '0', ledgerFile] = process.argv.slice(2)

const server = await startModelServer({
  latencyMs: Number(latencyMs),
  answers: sizedAnswer,
  remembers: false,
  ...(ledgerFile !== undefined && {
    onEntry: (entry) => appendFileSync(ledgerFile, `${JSON.stringify(entry)}\n`),
  }),
})
process.once('SIGTERM', () => server[Symbol.asyncDispose]())
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`)
