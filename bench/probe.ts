// Loaded into a measured server by `--import`: tells over IPC what only the process itself can know.
import { readFileSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Of the samples of the loop's delay, in ms: half of a percent of a core, while it is watched. */
const RESOLUTION_MS = 5

export interface Usage {
  /** User and system time since the start, in ms. */
  readonly cpuMs: number
  readonly rssMb: number
  /** The most that was resident since `resetPeak`, or since the start. */
  readonly peakMb: number
  readonly heapMb: number
}

export interface LoopDelay {
  readonly p99Ms: number
  /** The longest time in which nothing else was served. */
  readonly maxMs: number
  /** The most CPU time that the thread used at a stretch: a delay without it is the machine's or the disk's. */
  readonly maxBusyMs: number
}

const MB = 2 ** 20
let watch: { end(): LoopDelay } | null = null
let session: Session | null = null

const answers = {
  usage(): Usage {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    return {
      cpuMs: (user + system) / 1000,
      rssMb: rss / MB,
      peakMb: peakMb(),
      heapMb: heapUsed / MB,
    }
  },
  /** Linux alone can forget a peak. */
  resetPeak(): null {
    if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5')
    return null
  },
  watchLoop(): null {
    watch = watchLoop()
    return null
  },
  loopDelay(): LoopDelay {
    if (watch === null) throw new Error('watchLoop comes first')
    return watch.end()
  },
  async startProfile(): Promise<null> {
    session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 500 })
    await session.post('Profiler.start')
    return null
  },
  /** The profile goes to a file, for it is long. */
  async endProfile(file: string): Promise<null> {
    const { profile } = (await session?.post('Profiler.stop')) ?? {}
    writeFileSync(file, JSON.stringify(profile))
    session?.disconnect()
    return null
  },
}
export type Answers = typeof answers

interface Question {
  readonly probe: keyof Answers
  readonly argument: string
}

function peakMb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  // `maxRSS` would count the process this one was forked from.
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

function watchLoop(): { end(): LoopDelay } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  let before = process.threadCpuUsage()
  let maxBusyUs = 0
  const timer = setInterval(() => {
    const now = process.threadCpuUsage()
    maxBusyUs = Math.max(maxBusyUs, now.user + now.system - before.user - before.system)
    before = now
  }, RESOLUTION_MS)
  return {
    end() {
      clearInterval(timer)
      histogram.disable()
      const { max } = histogram
      return {
        p99Ms: histogram.percentile(99) / 1e6,
        maxMs: max / 1e6,
        maxBusyMs: maxBusyUs / 1000,
      }
    },
  }
}

// Processes that the server forks load this too, and have other messages.
function isQuestion(message: unknown): message is Question {
  return typeof message === 'object' && message !== null && 'probe' in message
}

process.on('message', async (message) => {
  if (!isQuestion(message)) return
  process.send?.({ probe: message.probe, answer: await answers[message.probe](message.argument) })
})
// Ends with whoever measures, however that ends.
process.on('disconnect', () => process.exit())
process.channel?.unref()
