import { realpathSync } from 'node:fs'
import { pino } from 'pino'
import { nodeProcess } from '../../../src/workers/node/node-process.ts'
import { processWorker } from '../../../src/workers/process/process-worker.ts'
import { type Laboratory, testWorker, testWorkerThatThrows } from '../worker-contract.ts'

const dir = realpathSync('test/fixtures/crews/lab')
const start = nodeProcess({ dir, memoryMb: 512, log: pino({ level: 'silent' }) })

const laboratory: Laboratory = {
  start: (onSpoilt) => processWorker(start, onSpoilt),
  lab: { key: 'tools/lab.ts' },
  other: { key: 'tools/other.ts' },
  broken: { key: 'tools/broken.ts' },
  deadly: { key: 'tools/deadly.ts' },
  nowhere: { key: 'tools/nowhere.ts' },
  misfit: 'ms: Invalid input: expected number, received string',
  thrown: 'The tool failed: thrown',
  ends: [
    ['abort', 'it called process.abort()'],
    ['kill', 'it ended its process with SIGKILL'],
    ['loop', 'it kept its process busy without a pause'],
    ['block', 'it kept its process busy without a pause'],
    ['allocate', 'its process took more than 512 MB of memory'],
    ['fillHeap', 'its process took more than 512 MB of memory'],
  ],
}

testWorker('a worker in Node', laboratory)
testWorkerThatThrows('a worker in Node', laboratory)
