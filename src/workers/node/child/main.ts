// The process of a crew's code: it loads and calls what the server asks for, and ends when the server does.
import { flushCompileCache } from 'node:module'
import { Socket } from 'node:net'
import { MAX_MESSAGE_CHARS, readLines } from '../../process/lines.ts'
import type { Reference, Request } from '../../protocol.ts'
import { endProcess } from './end-process.ts'
import { guardProcess } from './guard-process.ts'
import { createLoader } from './load-code.ts'
import type { ChildOptions } from './options.ts'
import { ownModules } from './own-modules.ts'
import { createCalls } from './run-calls.ts'
import { REQUESTS_FD, say } from './say.ts'
import { currentCall } from './scope.ts'
import { startWatcher } from './start-watcher.ts'

const options: ChildOptions = JSON.parse(process.argv[2] ?? '')
startWatcher(options)
const modules = ownModules(options.dir)
const loader = createLoader(options.dir)
const calls = createCalls(loader.find)

guardProcess({
  onTrouble(reason) {
    const call = currentCall()
    if (call === null && loader.fail(reason)) return
    say({ type: 'threw', call, reason })
  },
  onEnd: (reason) => say({ type: 'ends', call: currentCall(), reason }),
})

const requests = new Socket({ fd: REQUESTS_FD, readable: true, writable: false })
readLines(requests, {
  maxChars: MAX_MESSAGE_CHARS,
  onLine: (line) => handle(JSON.parse(line)),
  onTooLong: endProcess,
})
// The server has ended, or wants this to end.
requests.on('close', () => {
  try {
    process.emit('exit', 0)
  } finally {
    endProcess()
  }
})

function handle(request: Request): void {
  switch (request.op) {
    case 'load':
      void load(request.references)
      break
    case 'call':
      void calls.run(request)
      break
    case 'cancel':
      calls.cancel(request.id)
      break
  }
}

async function load(references: readonly Reference[]): Promise<void> {
  const loaded = []
  for (const reference of references) {
    say({ type: 'loading', key: reference.key })
    loaded.push(await loader.load(reference))
  }
  say({ type: 'loaded', loaded, codeHash: modules.hash() })
  // A process that is killed keeps nothing of what it has compiled.
  flushCompileCache()
}
