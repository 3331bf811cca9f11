import { pino } from 'pino'
import { test } from 'vitest'
import { processWorker } from '../../../src/workers/process/process-worker.ts'
import { pythonProcess } from '../../../src/workers/python/python-process.ts'
import { testWorker } from '../worker-contract.ts'
import { LAB, LAB_DIR, PYTHON, referenceTo } from './python-lab.ts'

const start = pythonProcess({
  dir: LAB_DIR,
  interpreter: () => ({ path: PYTHON ?? '' }),
  mode: 'auto',
  variables: [],
  memoryMb: 512,
  threads: 16,
  onCrash: 'retry',
  timeoutMs: 60_000,
  known: () => [],
  onHello: () => {},
  log: pino({ level: 'silent' }),
})

if (PYTHON === null) test.runIf(false)('a worker in Python: there is no Python 3.10 here', () => {})
else
  testWorker('a worker in Python', {
    start: (onSpoilt) => processWorker(start, onSpoilt),
    lab: LAB,
    other: referenceTo('tools.other', 'OtherTool'),
    broken: referenceTo('tools.broken', 'BrokenTool'),
    deadly: referenceTo('tools.deadly', 'DeadlyTool'),
    nowhere: referenceTo('tools.nowhere', 'Tool'),
    misfit: 'ms: Input should be',
    thrown: 'The tool failed: ValueError: thrown (tools/lab.py:27 in throw)',
    ends: [
      ['abort', 'it called os.abort()'],
      ['exit', 'it called os._exit(3)'],
      ['kill', 'it ended its process with SIGKILL'],
      ['crash', 'its process crashed (Segmentation fault) at tools/lab.py:41 in crash'],
      ['loop', 'it kept its process busy without a pause'],
      ['block', 'it kept its process busy without a pause'],
      ['allocate', 'its process took more than 512 MB of memory'],
      ['fillHeap', 'its process took more than 512 MB of memory'],
    ],
  })
