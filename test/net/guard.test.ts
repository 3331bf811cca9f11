import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createGuard } from '../../src/net/guard.ts'

/** URLs that must not be connected to, by the way they hide it. */
const REFUSED: Record<string, readonly string[]> = {
  'plain private addresses': [
    'http://127.0.0.1/',
    'http://127.255.255.254:8080/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://169.254.1.1/',
    'http://0.0.0.0/',
    'http://0.1.2.3/',
  ],
  'reserved, test and group addresses': [
    'http://192.0.0.8/',
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://198.51.100.7/',
    'http://203.0.113.9/',
    'http://192.88.99.1/',
    'http://224.0.0.1/',
    'http://239.255.255.250/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
  ],
  'cloud metadata': [
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.170.2/v2/credentials',
    'http://168.63.129.16/machine/',
    'http://100.100.100.200/latest/meta-data/',
    'http://192.0.0.192/opc/v2/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://[fd20:ce::254]/computeMetadata/v1/',
    'http://2852039166/',
    'http://0xA9FEA9FE/',
    'http://[::ffff:169.254.169.254]/',
  ],
  'other spellings of 127.0.0.1': [
    'http://2130706433/',
    'http://0x7f000001/',
    'http://017700000001/',
    'http://127.1/',
    'http://127.0.1/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://0177.0x0.0.01/',
    'http://127.0.0.1./',
    'http://127.0.0.1../',
    'http://0/',
    'http://0x/',
    'http://１２７.０.０.１/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127。0。0。1/',
    'http://%31%32%37.0.0.1/',
    'http://127.0.0.1\t/',
    'http:\\\\127.0.0.1\\',
    'http:127.0.0.1',
    '  http://127.0.0.1/  ',
  ],
  'names of this machine': [
    'http://localhost/',
    'http://LOCALHOST:8000/',
    'http://localhost./',
    'http://ｌｏｃａｌｈｏｓｔ/',
    'http://api.localhost/',
    'http://a.b.localhost./',
    'http://local%68ost/',
  ],
  'IPv6 that is not public': [
    'http://[::]/',
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[0000::0001]/',
    'http://[fe80::1]/',
    'http://[febf::1]/',
    'http://[fec0::1]/',
    'http://[fc00::1]/',
    'http://[fdff:ffff::1]/',
    'http://[ff02::1]/',
    'http://[100::1]/',
    'http://[2001:db8::1]/',
    'http://[3fff::1]/',
    'http://[5f00::1]/',
    'http://[2001:2::1]/',
    'http://[2001:10::1]/',
    'http://[4000::1]/',
  ],
  'IPv4 inside IPv6': [
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:10.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[::7f00:1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[64:ff9b:1::10.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[2001:0:7f00:1::]/',
    'http://[2001::f5ff:fffe]/',
    'http://[2001:4860::5efe:7f00:1]/',
    'http://[2001:4860::200:5efe:10.0.0.1]/',
    'http://[2001:4860::300:5efe:169.254.169.254]/',
    'http://[2600:1:2:3:0:5efe:192.168.1.1]/',
  ],
  'zones of IPv6': ['http://[fe80::1%eth0]/', 'http://[fe80::1%25eth0]/', 'http://[::1%251]/'],
  'credentials in the URL': [
    'http://user:password@example.com/',
    'https://token@example.com/',
    'https://:password@example.com/',
    'http://example.com@127.0.0.1/',
  ],
  'other schemes': [
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'javascript:alert(1)',
    'data:text/plain,hi',
    'ws://example.com/',
    'unix:///var/run/docker.sock',
  ],
  'no URLs': [
    '',
    'example.com',
    '/hook',
    '//example.com/',
    'http://',
    'http://[::1',
    'http://1.2.3.4.5/',
    'http://256.1.1.1/',
    'http://a b/',
  ],
}

const PUBLIC = [
  'http://example.com/',
  'https://hooks.example.com:8443/path?query=1#part',
  'https://example.com./',
  'http://8.8.8.8/',
  'http://134744072/',
  'http://172.32.0.1/',
  'http://100.128.0.1/',
  'http://192.169.0.1/',
  'http://[2606:4700:4700::1111]/',
  'http://[::ffff:8.8.8.8]/',
  'http://[2001:4860::5efe:808:808]/',
  'http://[2001:4860::5eff:7f00:1]/',
  'https://bücher.example/',
  'https://localhost.example.com/',
  'https://notlocalhost/',
]

const CASES = Object.entries(REFUSED).flatMap(([way, urls]) => urls.map((url) => ({ way, url })))

test.each(CASES)('the guard refuses $way: $url', ({ url }) => {
  expect(createGuard([]).check(url)).toMatch(/^must /)
})

test.each(PUBLIC)('the guard lets %s through', (url) => {
  expect(createGuard([]).check(url)).toBeNull()
})

test('the guard never repeats the credentials of a URL', () => {
  const reason = createGuard([]).check('http://alice:s3cret@10.0.0.1/?key=s3cret')
  expect(reason).toBe('must not carry a user name or password')
})

test('the guard tells which host it refuses and how to let it through', () => {
  expect(createGuard([]).check('http://0x7f.1/?key=s3cret')).toBe(
    'must name a public host, and 127.0.0.1 is not one (OUTBOUND_ALLOWED_HOSTS can let it through)',
  )
})

test('the guard refuses every spelling of every private IPv4 address', () => {
  const guard = createGuard([])
  const privateAddress = fc.oneof(
    fc.nat({ max: 0xff_ffff }).map((rest) => 0x0a00_0000 + rest),
    fc.nat({ max: 0xff_ffff }).map((rest) => 0x7f00_0000 + rest),
    fc.nat({ max: 0xffff }).map((rest) => 0xc0a8_0000 + rest),
    fc.nat({ max: 0xffff }).map((rest) => 0xa9fe_0000 + rest),
  )
  const base = fc.constantFrom(
    (part: number) => part.toString(),
    (part: number) => `0x${part.toString(16)}`,
    (part: number) => `0${part.toString(8)}`,
  )
  fc.assert(
    fc.property(
      privateAddress,
      fc.integer({ min: 1, max: 4 }),
      fc.array(base, { minLength: 4, maxLength: 4 }),
      (address, parts, bases) => {
        const host = spell(address, parts).map((part, index) => bases[index]?.(part))
        expect(guard.check(`http://${host.join('.')}/`)).not.toBeNull()
      },
    ),
    { numRuns: 1000 },
  )
})

/** An IPv4 address as 1 to 4 numbers: all but the last are a byte each, the last is the rest. */
function spell(address: number, parts: number): readonly number[] {
  const bytes = [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff)
  const rest = bytes.slice(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0)
  return [...bytes.slice(0, parts - 1), rest]
}

test.each([
  ['127.0.0.1', 'http://127.1:8080/'],
  ['LocalHost', 'http://localhost./'],
  ['localhost.', 'http://LOCALHOST/'],
  ['10.0.0.0/8', 'http://10.200.3.4/'],
  ['192.168.7.9/32', 'http://192.168.7.9/'],
  ['[::1]', 'http://[0:0::1]/'],
  ['fd00::/8', 'http://[fd12:3456::1]/'],
  ['::ffff:10.1.2.3', 'http://10.1.2.3/'],
  ['10.1.2.3', 'http://[::ffff:10.1.2.3]/'],
  ['169.254.169.254', 'http://169.254.169.254/'],
  ['fd00:ec2::254', 'http://[fd00:ec2::254]/'],
])('OUTBOUND_ALLOWED_HOSTS with %s lets %s through', (entry, url) => {
  expect(createGuard([entry]).check(url)).toBeNull()
})

test.each([
  ['127.0.0.1', 'http://127.0.0.2/'],
  ['127.0.0.1', 'http://localhost/'],
  ['127.0.0.1', 'ftp://127.0.0.1/'],
  ['127.0.0.1', 'http://user@127.0.0.1/'],
  ['localhost', 'http://127.0.0.1/'],
  ['localhost', 'http://api.localhost/'],
  ['10.0.0.0/8', 'http://172.16.0.1/'],
  ['10.0.0.0/8', 'http://192.168.0.1/'],
  ['169.254.0.0/16', 'http://169.254.169.254/'],
  ['169.254.169.0/24', 'http://[::ffff:169.254.169.254]/'],
  ['0.0.0.0/0', 'http://169.254.169.254/'],
  ['0.0.0.0/0', 'http://[::1]/'],
  ['::/0', 'http://[fd00:ec2::254]/'],
  ['64:ff9b::/96', 'http://[64:ff9b::169.254.169.254]/'],
  ['64:ff9b::/96', 'http://[64:ff9b::10.0.0.1]/'],
  ['2002::/16', 'http://[2002:a9fe:a9fe::1]/'],
  ['2002::/16', 'http://[2002:a01:203::1]/'],
  ['::ffff:0:0:0/96', 'http://[::ffff:0:10.0.0.1]/'],
  ['2001::/32', 'http://[2001:0:a00:1::f7f7:f7f7]/'],
  ['2001::/32', 'http://[2001:0:0808:0808::f5ff:fffe]/'],
])('OUTBOUND_ALLOWED_HOSTS with %s still refuses %s', (entry, url) => {
  expect(createGuard([entry]).check(url)).not.toBeNull()
})

test.each([
  ['64:ff9b::/96', 'http://[64:ff9b::8.8.8.8]/'],
  ['2002::/16', 'http://[2002:808:808::1]/'],
  ['2001::/32', 'http://[2001:0:808:808::f7f7:f7f7]/'],
  ['::ffff:0:0:0/96', 'http://[::ffff:0:8.8.8.8]/'],
])('a gateway to IPv4 that is allowed as %s leads to public addresses: %s', (entry, url) => {
  expect(createGuard([entry]).check(url)).toBeNull()
})

test('a host that is allowed may resolve to anything but the metadata service', () => {
  const guard = createGuard(['hooks.internal'])
  expect(guard.allowsAddress('hooks.internal', '10.0.0.1')).toBe(true)
  expect(guard.allowsAddress('HOOKS.internal.', '::1')).toBe(true)
  expect(guard.allowsAddress('other.internal', '10.0.0.1')).toBe(false)
  expect(guard.allowsAddress('hooks.internal', '169.254.169.254')).toBe(false)
  expect(guard.allowsAddress('hooks.internal', '::ffff:a9fe:a9fe')).toBe(false)
})

test.each(['8.8.8.8', '::ffff:8.8.8.8', '2606:4700::1111'])(
  'a connection to the public address %s is allowed',
  (address) => {
    expect(createGuard([]).allowsAddress('example.com', address)).toBe(true)
  },
)

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', 'fe80::1%eth0.1', 'fe80::1', '', 'nonsense'])(
  'a connection to "%s" is not allowed',
  (address) => {
    expect(createGuard([]).allowsAddress('example.com', address)).toBe(false)
  },
)

test.each([
  '',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0/8',
  'example.com/8',
  'http://example.com',
  'example.com:8080',
  '*.example.com',
  'user@example.com',
  '127.1',
  '300.1.2.3',
  'a b',
])('createGuard refuses the entry "%s" and says what would be right', (entry) => {
  expect(() => createGuard(['example.com', entry])).toThrow(
    `OUTBOUND_ALLOWED_HOSTS: ${JSON.stringify(entry)} is neither a host name, an address nor a CIDR block.`,
  )
})
