import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { readFileSync, statSync } from 'node:fs'
import type { LookupFunction } from 'node:net'
import { platform } from 'node:os'

/** Asks name servers. */
interface NameResolver {
  resolve4(hostname: string): Promise<readonly string[]>
  resolve6(hostname: string): Promise<readonly string[]>
}

interface LookupOptions {
  /** Default: the name servers of this machine. */
  readonly resolver?: NameResolver
  /** Asks the system, on a thread; default `dns.lookup`. */
  readonly system?: LookupFunction
  readonly hostsFile?: string
}

const HOSTS_FILE =
  platform() === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts'
/** Of each of two tries at each name server, the second one twice as long. */
const TIMEOUT_MS = 2_000
/** Of the other family of addresses, once there are some of one: there are servers that never say that there are none. */
const OTHER_FAMILY_MS = 500
/** Node has four threads for them and for much else. */
const MAX_SYSTEM_LOOKUPS = 2

/**
 * Resolves names that others have named. `dns.lookup` holds one of Node's four threads for as long as a name server takes,
 * so four names whose server never answers keep every other name from being found. Name servers are asked without threads;
 * the system is for what they do not know: names of the hosts file, of search domains, of a VPN.
 */
export function createLookup(options: LookupOptions = {}): LookupFunction {
  const {
    resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 }),
    system = systemLookup as LookupFunction,
    hostsFile = HOSTS_FILE,
  } = options
  const hosts = createHosts(hostsFile)
  const askSystem = oneAfterTheOther(system, MAX_SYSTEM_LOOKUPS)

  async function find(hostname: string): Promise<readonly LookupAddress[] | null> {
    if (hosts().has(hostname.toLowerCase())) return null
    const [four, six] = await Promise.all(askBoth(hostname, resolver))
    const found = [...four.addresses, ...six.addresses]
    if (found.length > 0) return found
    const isUnknown = [four, six].every(({ code }) => code === null || UNKNOWN.has(code))
    if (isUnknown) return null
    throw Object.assign(new Error(`${hostname} could not be looked up`), { code: 'EAI_AGAIN' })
  }

  return (hostname, lookupOptions, callback) => {
    find(hostname).then(
      (found) => {
        if (found === null) askSystem(hostname, lookupOptions, callback)
        else callback(null, [...found])
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }
}

/** Of name servers that do not know a name, and of machines without any. */
const UNKNOWN: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'EBADNAME'])

interface Answer {
  readonly addresses: readonly LookupAddress[]
  /** Why there are none. */
  readonly code: string | null
}

function askBoth(
  hostname: string,
  resolver: NameResolver,
): readonly [Promise<Answer>, Promise<Answer>] {
  const four = answerOf(resolver.resolve4(hostname), 4)
  const six = answerOf(resolver.resolve6(hostname), 6)
  return [unlessOtherIsThere(four, six), unlessOtherIsThere(six, four)]
}

async function answerOf(asked: Promise<readonly string[]>, family: number): Promise<Answer> {
  try {
    const found = await asked
    return { addresses: found.map((address) => ({ address, family })), code: null }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return { addresses: [], code }
  }
}

async function unlessOtherIsThere(one: Promise<Answer>, other: Promise<Answer>): Promise<Answer> {
  const late = other.then(({ addresses }) => {
    if (addresses.length === 0) return one
    const none: Answer = { addresses: [], code: null }
    return new Promise<Answer>((resolve) => {
      setTimeout(resolve, OTHER_FAMILY_MS, none).unref()
    })
  })
  return await Promise.race([one, late])
}

/** The names of the hosts file, read again when it has changed. */
function createHosts(file: string): () => ReadonlySet<string> {
  let names: ReadonlySet<string> = new Set()
  let readAt = Number.NaN
  return () => {
    try {
      const { mtimeMs } = statSync(file)
      if (mtimeMs !== readAt) names = namesIn(readFileSync(file, 'utf8'))
      readAt = mtimeMs
    } catch {
      names = new Set()
    }
    return names
  }
}

function namesIn(hosts: string): ReadonlySet<string> {
  const lines = hosts.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
  return new Set(lines.flatMap(([, ...names]) => names.map((name) => name.toLowerCase())))
}

/** Lets `max` look-ups go on at a time. */
function oneAfterTheOther(lookup: LookupFunction, max: number): LookupFunction {
  const waiting: (() => void)[] = []
  let going = 0

  function next(): void {
    if (going >= max) return
    const begin = waiting.shift()
    if (begin === undefined) return
    going += 1
    begin()
  }

  return (hostname, options, callback) => {
    waiting.push(() =>
      lookup(hostname, options, (...answer) => {
        going -= 1
        next()
        callback(...answer)
      }),
    )
    next()
  }
}
