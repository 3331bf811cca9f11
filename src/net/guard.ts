import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { embeddedIn, type Nat64Prefix, parseNat64Prefix, translatedBy } from './embedded-ipv4.ts'

/** Says where the server may connect to when somebody else named the address (SSRF guard). */
export interface Guard {
  /**
   * Looks at a URL when it is given, without asking the network.
   *
   * @returns why it is refused, worded to follow the name of its field (`must …`); null when it is fine so far
   */
  check(url: string): string | null
  /** Whether a connection to `address` may be made for the sake of `hostname`: of look-ups, and of connected sockets. */
  allowsAddress(hostname: string, address: string): boolean
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
/** An address and how many of its leading bits count. */
type Block = readonly [address: Address, bits: number]

interface Allowed {
  readonly hosts: ReadonlySet<string>
  readonly blocks: readonly Block[]
}

/**
 * Where clouds hand out credentials to whoever asks from inside. A block or a host name never opens these, only an
 * entry that is the very address. Azure's is in public space, so no range would catch it.
 * Sources: AWS EC2, ECS and EKS, Google Cloud, Azure (also OpenStack, Oracle, DigitalOcean), Alibaba Cloud.
 */
const METADATA: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '168.63.129.16',
  '100.100.100.200',
])

/** IANA has handed out no other IPv6 space as global unicast; ipaddr.js knows no range for the rest. */
const GLOBAL_IPV6: Block = [ipaddr.parse('2000::'), 3]

/** Of any language; a port, a path or a wildcard would promise more than is compared. */
const HOST_NAME = /^[\p{L}\p{N}._-]+$/u

/**
 * @param allowedHosts what is let through although it is not public: host names (with whatever they resolve to),
 *   addresses, CIDR blocks
 * @param nat64Prefixes under which this network translates to IPv4; an address there counts as the one it stands for
 * @throws Error for an entry that is none of these
 */
export function createGuard(
  allowedHosts: readonly string[],
  nat64Prefixes: readonly string[] = [],
): Guard {
  const allowed = parseAllowed(allowedHosts)
  const nat64 = nat64Prefixes.map(parseNat64Prefix)
  const allowsAddress = (hostname: string, address: string) => {
    const isHostAllowed = allowed.hosts.has(normalName(hostname))
    const routes = routesOf(address, nat64)
    return (
      routes.length > 0 && routes.every((route) => isAllowed(route, isHostAllowed, allowed.blocks))
    )
  }
  return {
    allowsAddress,
    check(url) {
      const parsed = URL.parse(url)
      if (parsed === null || !/^https?:$/.test(parsed.protocol))
        return 'must be an http or https URL'
      if (parsed.username !== '' || parsed.password !== '')
        return 'must not carry a user name or password'
      const name = normalName(parsed.hostname)
      const isRefused =
        isIP(name) === 0
          ? isLocalhost(name) && !allowed.hosts.has(name)
          : !allowsAddress(name, name)
      return isRefused
        ? `must name a public host, and ${name} is not one (OUTBOUND_ALLOWED_HOSTS can let it through)`
        : null
    },
  }
}

function parseAllowed(entries: readonly string[]): Allowed {
  const parsed = entries.map(parseEntry)
  return {
    hosts: new Set(parsed.filter((entry) => typeof entry === 'string')),
    blocks: parsed.filter((entry) => typeof entry !== 'string'),
  }
}

function parseEntry(entry: string): string | Block {
  const name = normalName(entry.trim())
  if (isIP(name) !== 0) {
    const address = ipaddr.process(name)
    return [address, bitsOf(address)]
  }
  const [prefix = '', bits = ''] = name.split('/', 2)
  if (isIP(prefix) !== 0 && /^\d+$/.test(bits) && ipaddr.isValidCIDR(name))
    return ipaddr.parseCIDR(name)
  const hostname = HOST_NAME.test(name) ? URL.parse(`http://${name}`)?.hostname : undefined
  // The URL parser makes an address of `127.1` and the like, so such a name would never be met.
  if (hostname !== undefined && isIP(hostname) === 0) return hostname
  throw new Error(
    `OUTBOUND_ALLOWED_HOSTS: ${JSON.stringify(entry)} is neither a host name, an address nor a CIDR block. Right would be, for example, hooks.example.com, 10.1.2.3 or 10.0.0.0/8.`,
  )
}

/** Lower case, without brackets and the dot of a fully qualified name. */
function normalName(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/\.+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
}

function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

function bitsOf(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128
}

function isAllowed(address: Address, isHostAllowed: boolean, blocks: readonly Block[]): boolean {
  const matching = blocks.filter((block) => matches(address, block))
  if (METADATA.has(address.toString())) return matching.some(([, bits]) => bits === bitsOf(address))
  return isHostAllowed || isPublic(address) || matching.length > 0
}

function matches(address: Address, [block, bits]: Block): boolean {
  return address.kind() === block.kind() && address.match(block, bits)
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || matches(address, GLOBAL_IPV6)
}

/**
 * Everywhere a connection to an address may end: itself, and the IPv4 addresses a gateway on the way would unwrap.
 * Nowhere when the text is no address.
 */
function routesOf(text: string, nat64: readonly Nat64Prefix[]): readonly Address[] {
  const withoutZone = text.replace(/%.*$/, '')
  if (isIP(withoutZone) === 0) return []
  const address = ipaddr.process(withoutZone)
  if (address instanceof ipaddr.IPv4) return [address]
  const translated = translatedBy(nat64, address)
  return translated === undefined ? [address, ...embeddedIn(address)] : [translated]
}
