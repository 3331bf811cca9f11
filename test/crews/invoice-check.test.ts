import { expect, test } from 'vitest'
import checkIban from '../../crews/invoice-check/tools/check-iban.ts'
import checkSums from '../../crews/invoice-check/tools/check-sums.ts'
import { type DefinedTool, toolContext } from '../../src/index.ts'

async function run(tool: DefinedTool, args: object): Promise<unknown> {
  const request = { arguments: JSON.stringify(args), context: toolContext(), signal: never }
  const { text, failed } = await tool.call(request)
  return failed ? text : JSON.parse(text)
}
const { signal: never } = new AbortController()

test.each([
  'DE89 3704 0044 0532 0130 00',
  'GB82WEST12345698765432',
  'fr14 2004 1010 0505 0001 3m02 606',
  'NL91ABNA0417164300',
])('the IBAN %s is valid', async (iban) => {
  expect(await run(checkIban, { iban })).toMatchObject({ valid: true })
})

test.each([
  ['DE89 3704 0044 0532 0130 01', 'The check digits do not fit the rest: a digit is wrong.'],
  ['DE89 3704 0044 0532 0103 00', 'The check digits do not fit the rest: a digit is wrong.'],
  ['DE89 3704 0044 0532 0130 0', 'An IBAN of DE has 22 characters; this one has 21.'],
  ['US12 3456 7890 1234 5678', 'US is no country whose IBANs are known here.'],
  ['pay me', 'An IBAN is two letters, two check digits, and 11 to 30 letters and digits.'],
])('the IBAN %s is not', async (iban, problem) => {
  expect(await run(checkIban, { iban })).toMatchObject({ valid: false, problem })
})

const line = (net: number, changes: object = {}) => ({
  text: `Item for ${net}`,
  quantity: 1,
  unitPrice: net,
  net,
  vatRate: 19,
  ...changes,
})

test('an invoice whose sums are right has no findings', async () => {
  const lines = [
    line(59.97, { quantity: 3, unitPrice: 19.99 }),
    line(0.3, { quantity: 3, unitPrice: 0.1 }),
    line(12.5, { vatRate: 7 }),
    line(-10, { text: 'Discount' }),
  ]
  // 50.27 at 19 % is 9.5513, 12.50 at 7 % is 0.875.
  const totals = { net: 62.77, vat: 10.43, gross: 73.2 }

  expect(await run(checkSums, { lines, totals })).toEqual({ correct: true, findings: [] })
})

test('every wrong sum is one finding', async () => {
  const lines = [line(60, { text: 'Lamp', quantity: 3, unitPrice: 19.99 }), line(40)]
  const totals = { net: 101, vat: 20, gross: 122 }

  expect(await run(checkSums, { lines, totals })).toEqual({
    correct: false,
    findings: [
      'Line 1 (Lamp): 3 × 19.99 should be 59.97, but 60.00 is printed.',
      'Net total should be 100.00, but 101.00 is printed.',
      'VAT should be 19.00, but 20.00 is printed.',
      'Gross total: net plus VAT should be 121.00, but 122.00 is printed.',
    ],
  })
})

test('a line that is charged twice is a finding', async () => {
  const lines = [line(10), line(5), line(10)]

  expect(await run(checkSums, { lines, totals: { net: 25, vat: 4.75, gross: 29.75 } })).toEqual({
    correct: false,
    findings: ['Line 3 (Item for 10) repeats line 1.'],
  })
})

test('VAT may be rounded for each rate or for each line', async () => {
  // 0.03 at 19 % is 0.0057, so 0.01 for each line, but 0.02 for all three.
  const lines = [line(0.03), line(0.03, { text: 'B' }), line(0.03, { text: 'C' })]

  for (const [vat, gross] of [
    [0.02, 0.11],
    [0.03, 0.12],
  ])
    expect(await run(checkSums, { lines, totals: { net: 0.09, vat, gross } })).toMatchObject({
      correct: true,
    })
})

test('half a cent is rounded away from zero, without the errors of binary fractions', async () => {
  const lines = [
    line(1.01, { quantity: 1.005, unitPrice: 1, vatRate: 0 }),
    line(-1.01, { quantity: -1.005, unitPrice: 1, vatRate: 0 }),
  ]

  expect(await run(checkSums, { lines, totals: { net: 0, vat: 0, gross: 0 } })).toMatchObject({
    correct: true,
  })
})
