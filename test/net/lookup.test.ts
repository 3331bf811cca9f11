import type { LookupAddress } from 'node:dns'
import { writeFileSync } from 'node:fs'
import type { LookupFunction } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createLookup } from '../../src/net/lookup.ts'
import { temporaryDirectory } from '../harness/temporary-directory.ts'

type Found = readonly LookupAddress[]

/** Asks for a name as a connection does. */
function ask(lookup: LookupFunction, hostname: string): Promise<Found> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found) =>
      error ? reject(error) : resolve(found as unknown as Found),
    )
  })
}

const failure = (code: string) => Object.assign(new Error(code), { code })
const fails = (code: string) => async () => {
  throw failure(code)
}
const never = () => new Promise<never>(() => {})
const knows =
  (...addresses: readonly string[]) =>
  async () => [...addresses]

/** A system that knows every name. */
function makeSystem() {
  const asked: string[] = []
  const system: LookupFunction = (hostname, _options, callback) => {
    asked.push(hostname)
    setImmediate(() => callback(null, [{ address: '10.0.0.1', family: 4 }]))
  }
  return { asked, system }
}

const hostsFile = '/no/such/file'

test('addresses of both families are found, without asking the system', async () => {
  const { asked, system } = makeSystem()
  const resolver = { resolve4: knows('192.0.2.1', '192.0.2.2'), resolve6: knows('2001:db8::1') }
  const lookup = createLookup({ resolver, system, hostsFile })

  expect(await ask(lookup, 'a.example')).toEqual([
    { address: '192.0.2.1', family: 4 },
    { address: '192.0.2.2', family: 4 },
    { address: '2001:db8::1', family: 6 },
  ])
  expect(asked).toEqual([])
})

test('names whose servers never answer keep no other name from being found', async () => {
  const resolve = (address: string) => (hostname: string) =>
    hostname.startsWith('slow') ? never() : Promise.resolve([address])
  const resolver = { resolve4: resolve('192.0.2.1'), resolve6: resolve('2001:db8::1') }
  const lookup = createLookup({ resolver, hostsFile })
  for (let index = 0; index < 100; index += 1) void ask(lookup, `slow-${index}.example`)

  expect(await ask(lookup, 'quick.example')).toHaveLength(2)
})

test.each([
  [
    'no IPv4 address',
    { resolve4: fails('ENODATA'), resolve6: knows('2001:db8::1') },
    '2001:db8::1',
  ],
  ['no IPv6 address', { resolve4: knows('192.0.2.1'), resolve6: fails('ENODATA') }, '192.0.2.1'],
  ['no answer about IPv6', { resolve4: knows('192.0.2.1'), resolve6: never }, '192.0.2.1'],
])('a name with %s has the other one', async (_, resolver, address) => {
  const { system } = makeSystem()
  const lookup = createLookup({ resolver, system, hostsFile })

  expect(await ask(lookup, 'a.example')).toMatchObject([{ address }])
})

test.each(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'EBADNAME'])(
  'the system is asked for a name when name servers say %s',
  async (code) => {
    const { asked, system } = makeSystem()
    const resolver = { resolve4: fails(code), resolve6: fails(code) }

    expect(await ask(createLookup({ resolver, system, hostsFile }), 'box')).toEqual([
      { address: '10.0.0.1', family: 4 },
    ])
    expect(asked).toEqual(['box'])
  },
)

test.each(['ETIMEOUT', 'ESERVFAIL', 'EREFUSED'])(
  'a name whose servers end with %s could not be looked up, and the system is not asked',
  async (code) => {
    const { asked, system } = makeSystem()
    const resolver = { resolve4: fails(code), resolve6: fails('ENODATA') }
    const lookup = createLookup({ resolver, system, hostsFile })

    await expect(ask(lookup, 'a.example')).rejects.toMatchObject({ code: 'EAI_AGAIN' })
    expect(asked).toEqual([])
  },
)

test('a name of the hosts file is the system’s, also one that was added meanwhile', async () => {
  using directory = temporaryDirectory()
  const file = join(directory.path, 'hosts')
  writeFileSync(file, '127.0.0.1\tlocalhost\n10.1.1.1  Box.Example box # not.this\n')
  const { asked, system } = makeSystem()
  const resolver = { resolve4: knows('192.0.2.1'), resolve6: fails('ENODATA') }
  const lookup = createLookup({ resolver, system, hostsFile: file })
  for (const name of ['box.example', 'BOX', 'not.this', 'added']) await ask(lookup, name)
  expect(asked).toEqual(['box.example', 'BOX'])
  writeFileSync(file, '10.1.1.2 added\n')
  await vi.waitFor(async () => {
    await ask(lookup, 'added')
    expect(asked).toContain('added')
  })
})

test('the system is asked for two names at a time', async () => {
  const answers: (() => void)[] = []
  const system: LookupFunction = (_hostname, _options, callback) => {
    answers.push(() => callback(null, [{ address: '10.0.0.1', family: 4 }]))
  }
  const resolver = { resolve4: fails('ENOTFOUND'), resolve6: fails('ENOTFOUND') }
  const lookup = createLookup({ resolver, system, hostsFile })
  const found = ['a', 'b', 'c'].map((name) => ask(lookup, name))
  await vi.waitFor(() => expect(answers).toHaveLength(2))
  answers[0]?.()
  await found[0]
  await vi.waitFor(() => expect(answers).toHaveLength(3))
  for (const answer of answers.slice(1)) answer()

  expect(await Promise.all(found)).toHaveLength(3)
})
