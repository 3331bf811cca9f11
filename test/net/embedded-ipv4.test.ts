import { expect, test } from 'vitest'
import { createGuard } from '../../src/net/guard.ts'

test.each([
  ['64:ff9b::/96', '64:ff9b::8.8.8.8', '64:ff9b::10.0.0.1'],
  ['fd00:64::/96', 'fd00:64::8.8.8.8', 'fd00:64::169.254.169.254'],
  ['2600:64::/64', '2600:64::8:808:800:0', '2600:64::a:0:100:0'],
  ['2600:64:1:200::/56', '2600:64:1:208:8:808::', '2600:64:1:27f:0:1::'],
  ['2600:64:1::/48', '2600:64:1:808:8:800::', '2600:64:1:a00:0:100::'],
  ['2600:64:100::/40', '2600:64:108:808:8::', '2600:64:17f:0:1::'],
  ['2600:64::/32', '2600:64:808:808::', '2600:64:a00:1::'],
])('an address under the NAT64 prefix %s counts as the IPv4 one it stands for', (...words) => {
  const [prefix, leadsOut, leadsIn] = words
  const guard = createGuard([], [prefix])

  expect(guard.check(`http://[${leadsOut}]/`)).toBeNull()
  expect(guard.check(`http://[${leadsIn}]/`)).not.toBeNull()
  expect(guard.allowsAddress('example.com', leadsIn)).toBe(false)
})

test.each(['64:ff9b::', '64:ff9b::/95', '10.0.0.0/8', 'example.com', '64:ff9b::/96/96'])(
  'createGuard refuses the NAT64 prefix "%s" and says what would be right',
  (entry) => {
    expect(() => createGuard([], [entry])).toThrow(
      `OUTBOUND_NAT64_PREFIXES: ${JSON.stringify(entry)} is not an IPv6 prefix of 32, 40, 48, 56, 64, 96 bits.`,
    )
  },
)
