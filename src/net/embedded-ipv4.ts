import ipaddr from 'ipaddr.js'

/** A prefix under which a gateway of this network translates to IPv4 (NAT64). */
export interface Nat64Prefix {
  readonly prefix: ipaddr.IPv6
  readonly bits: number
}

/** Where the IPv4 address stands in 16 bytes, by the length of its prefix. Source: RFC 6052, section 2.2. */
const NAT64_BYTES: ReadonlyMap<number, readonly number[]> = new Map([
  [32, [4, 5, 6, 7]],
  [40, [5, 6, 7, 9]],
  [48, [6, 7, 9, 10]],
  [56, [7, 9, 10, 11]],
  [64, [9, 10, 11, 12]],
  [96, [12, 13, 14, 15]],
])

/** @throws Error for an entry that is no prefix of NAT64 */
export function parseNat64Prefix(entry: string): Nat64Prefix {
  const [prefix, bits] = ipaddr.IPv6.isValidCIDR(entry) ? ipaddr.IPv6.parseCIDR(entry) : []
  if (prefix === undefined || bits === undefined || !NAT64_BYTES.has(bits))
    throw new Error(
      `OUTBOUND_NAT64_PREFIXES: ${JSON.stringify(entry)} is not an IPv6 prefix of ${[...NAT64_BYTES.keys()].join(', ')} bits. Right would be, for example, 64:ff9b::/96.`,
    )
  return { prefix, bits }
}

/** What an address under one of these prefixes is translated to; undefined when it is under none. */
export function translatedBy(
  prefixes: readonly Nat64Prefix[],
  address: ipaddr.IPv6,
): ipaddr.IPv4 | undefined {
  const found = prefixes.find(({ prefix, bits }) => address.match(prefix, bits))
  const bytes = address.toByteArray()
  return found && new ipaddr.IPv4((NAT64_BYTES.get(found.bits) ?? []).map((at) => bytes[at] ?? 0))
}

/**
 * The IPv4 addresses that a gateway on the way would unwrap. Sources of the layouts: RFC 3056 (6to4), RFC 4380 (Teredo:
 * server, and client with its bits inverted), RFC 6052, RFC 5214 (ISATAP).
 */
export function embeddedIn(address: ipaddr.IPv6): readonly ipaddr.IPv4[] {
  const bytes = address.toByteArray()
  const at = (start: number) => bytes.slice(start, start + 4)
  switch (address.range()) {
    case '6to4':
      return [new ipaddr.IPv4(at(2)), ...isatapIn(bytes)]
    case 'teredo':
      return [new ipaddr.IPv4(at(4)), new ipaddr.IPv4(at(12).map((byte) => byte ^ 0xff))]
    case 'rfc6052':
    case 'rfc6145':
      return [new ipaddr.IPv4(at(12))]
    default:
      return isatapIn(bytes)
  }
}

/** An interface of any network may be one: `…:0:5efe:<v4>`, with two bits that say whose the number is. */
function isatapIn(bytes: readonly number[]): readonly ipaddr.IPv4[] {
  const [flags = 0, zero, high, low, ...v4] = bytes.slice(8)
  const isIsatap = (flags & ~0x03) === 0 && zero === 0 && high === 0x5e && low === 0xfe
  return isIsatap ? [new ipaddr.IPv4(v4)] : []
}
