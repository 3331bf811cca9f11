import { realpathSync } from 'node:fs'
import { pino } from 'pino'
import { nodeProcess } from '../../../src/workers/node/node-process.ts'
import { processWorker } from '../../../src/workers/process-worker.ts'
import { testWorker } from '../worker-contract.ts'

const dir = realpathSync('test/fixtures/crews/lab')
const start = nodeProcess({ dir, memoryMb: 512, log: pino({ level: 'silent' }) })

testWorker('a worker in Node', {
  start: (onSpoilt) => processWorker(start, onSpoilt),
  lab: 'tools/lab.ts',
  other: 'tools/other.ts',
  broken: 'tools/broken.ts',
  deadly: 'tools/deadly.ts',
})
