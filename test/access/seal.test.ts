import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyIdOf, open, parseKey, SealError, type SealingKey, seal } from '../../src/access/seal.ts'

function makeKey(): SealingKey {
  const key = parseKey(randomBytes(32).toString('base64'))
  if (key === undefined) throw new Error('it should be a key')
  return key
}

const place = ['kickoffs', 'run-1', 'webhooks']
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constant('Grüße 👋'))
const words = fc.array(fc.string(), { minLength: 1, maxLength: 4 })

test('what is sealed is opened with its key, in its place', () => {
  const [key, other] = [makeKey(), makeKey()]
  fc.assert(
    fc.property(text, words, (plain, where) => {
      expect(open(seal(plain, where, key), where, [other, key])).toBe(plain)
    }),
  )
})

test('a sealed text shows neither what it says nor that it says the same as another', () => {
  const key = makeKey()
  const [one, two] = [seal('hunter2 hunter2', place, key), seal('hunter2 hunter2', place, key)]

  expect(one).not.toBe(two)
  expect(one).not.toContain(Buffer.from('hunter2').toString('base64url').slice(0, 8))
  expect(one).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/)
})

test('a text is opened in no other place, however its names are put together', () => {
  const key = makeKey()
  fc.assert(
    fc.property(words, words, (where, elsewhere) => {
      fc.pre(JSON.stringify(where) !== JSON.stringify(elsewhere))
      expect(() => open(seal('secret', where, key), elsewhere, [key])).toThrow(SealError)
    }),
  )
})

test('a changed byte is noticed wherever it is', () => {
  const key = makeKey()
  const sealed = seal('secret', place, key)
  const [format, id, body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Buffer.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    const forged = [format, id, changed.toString('base64url')].join('.')
    expect(() => open(forged, place, [key])).toThrow('was changed, or moved')
  }
})

test.each([
  '',
  'v1',
  'v1.00000000.',
  'v1.00000000.AAAA',
  'v2.00000000.AAAA',
  '{"url":"https://a"}',
])('"%s" is refused as a sealed text', (sealed) => {
  expect(() => open(sealed, place, [makeKey()])).toThrow(SealError)
})

test('a text that is cut off is refused', () => {
  const key = makeKey()
  const sealed = seal('secret', place, key)
  for (let length = 0; length < sealed.length; length += 1)
    expect(() => open(sealed.slice(0, length), place, [key])).toThrow(SealError)
})

test('a key that is missing is named, and no key is shown', () => {
  const [key, other] = [makeKey(), makeKey()]
  const sealed = seal('secret', place, key)
  const attempt = () => open(sealed, place, [other])

  expect(attempt).toThrow(`The key ${key.id} is missing; there is ${other.id}.`)
  expect(attempt).not.toThrow(other.secret.export().toString('base64'))
  expect(keyIdOf(sealed)).toBe(key.id)
})

test.each([
  ['nothing', ''],
  ['a word', 'secret'],
  ['31 bytes', Buffer.alloc(31).toString('base64')],
  ['33 bytes', Buffer.alloc(33).toString('base64')],
  ['hexadecimal', Buffer.alloc(32).toString('hex')],
])('%s is no key', (_, value) => {
  expect(parseKey(value)).toBeUndefined()
})

test('a key is the same with and without the sign that fills its base64', () => {
  const value = randomBytes(32).toString('base64')
  expect(parseKey(value.replace('=', ''))).toEqual(parseKey(value))
})
