import { expect, test } from 'vitest'
import { createMask } from '../../../src/crew/inputs/sensitive.ts'

const SECRETS = {
  key: 'ab"cd\n',
  pin: 4711,
  door: 12,
  on: true,
  nothing: null,
  address: { street: 'Long Lane', list: ['deep secret'] },
}

test.each([
  ['it is ab"cd\n.', 'it is ***.'],
  ['it is ab"cd.', 'it is ***.'],
  [JSON.stringify({ key: 'ab"cd\n' }), '{"key":"***"}'],
  ['?key=ab%22cd%0A&x=1', '?key=***&x=1'],
  ['4711 and 14711', '*** and 1***'],
  ['{"street":"Long Lane","list":["deep secret"]}', '***'],
  ['Long Lane, deep secret', '***, ***'],
  ['12 is true, and null', '12 is true, and null'],
])('of %j is told %j', (text, masked) => {
  expect(createMask(SECRETS)(text)).toBe(masked)
})
