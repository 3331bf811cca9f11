import { startModelServer } from './model-server.ts'
import { sizedAnswer } from './sized-answer.ts'

/**
 * The model server as its own process, whose CPU time is nobody else's: `node model-server-process.ts [latency in ms]`.
 * Prints `{"port":…}` and forgets what it was asked. Answers are as long as the prompt asks for.
 */
const [latencyMs = '0'] = process.argv.slice(2)

const server = await startModelServer({
  latencyMs: Number(latencyMs),
  answers: sizedAnswer,
  remembers: false,
})
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`)
