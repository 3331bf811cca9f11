import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { createSign } from '../../../src/webhooks/sending/sign.ts'

const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`
const secret = fc.uint8Array({ minLength: 24, maxLength: 64 }).map(secretOf)
const id = fc.uuid().map((uuid) => `msg_${uuid.replaceAll('-', '')}`)
const body = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify({ text })),
  fc.constantFrom('{"a":"\u2028\u2029"}', '{"emoji":"👩‍👩‍👧"}', '{}', '"é"'),
)

test('what is signed is verified by standardwebhooks', () => {
  fc.assert(
    fc.property(secret, id, body, (key, messageId, text) => {
      const headers = createSign([key])({ id: messageId, body: text, at: new Date() })
      expect(new Webhook(key).verify(text, headers)).toEqual(JSON.parse(text))
    }),
    { numRuns: 500 },
  )
})

test('a changed byte is not verified', () => {
  fc.assert(
    fc.property(secret, id, body, fc.nat(), (key, messageId, text, place) => {
      const headers = createSign([key])({ id: messageId, body: text, at: new Date() })
      const bytes = Buffer.from(text)
      const index = place % bytes.length
      bytes[index] = bytes[index] === 0x21 ? 0x22 : 0x21
      expect(() => new Webhook(key).verify(bytes, headers)).toThrow('No matching signature')
    }),
    { numRuns: 500 },
  )
})

test('while secrets rotate a message is verified with each of them and no other', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(secret, { minLength: 3, maxLength: 3 }),
      body,
      ([older = '', newer = '', foreign = ''], text) => {
        const headers = createSign([newer, older])({ id: 'msg_1', body: text, at: new Date() })
        expect(() => new Webhook(older).verify(text, headers)).not.toThrow()
        expect(() => new Webhook(newer).verify(text, headers)).not.toThrow()
        expect(() => new Webhook(foreign).verify(text, headers)).toThrow('No matching signature')
      },
    ),
    { numRuns: 200 },
  )
})

test('the headers are those of Standard Webhooks', () => {
  // The example of the specification's test vectors.
  const sign = createSign(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])
  const at = new Date(1_614_265_330_999)
  expect(sign({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', at })).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('signing without a secret is refused', () => {
  expect(() => createSign([])).toThrow('Webhooks cannot be signed without a secret.')
})

test.each([
  '',
  'whsec_',
  'secret',
  secretOf(new Uint8Array(23)),
  secretOf(new Uint8Array(65)),
  secretOf(new Uint8Array(32)).replace('whsec_', ''),
  `${secretOf(new Uint8Array(32))}!`,
])('the secret "%s" is refused and not repeated', (value) => {
  expect(() => createSign([value])).toThrow(
    /^A webhook secret must be whsec_ and the base64 of 24 to 64 bytes\.$/,
  )
})
