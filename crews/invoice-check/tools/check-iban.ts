import { defineTool } from 'coxswain'
import { z } from 'zod'

/** Length of an IBAN by country. Source: SWIFT IBAN registry, the SEPA countries. */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GI: 23,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  VA: 22,
}

export default defineTool({
  name: 'check_iban',
  description:
    'Checks an IBAN: country, length, and check digits (ISO 13616). Says nothing about who owns the account.',
  parameters: z.object({
    iban: z.string().max(60).describe('As printed on the invoice, with or without spaces'),
  }),
  execute({ iban }) {
    const compact = iban.replaceAll(/\s/g, '').toUpperCase()
    const problem = findProblem(compact)
    return problem === null
      ? { iban: compact, valid: true }
      : { iban: compact, valid: false, problem }
  },
})

function findProblem(iban: string): string | null {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban))
    return 'An IBAN is two letters, two check digits, and 11 to 30 letters and digits.'
  const country = iban.slice(0, 2)
  const length = LENGTHS[country]
  if (length === undefined) return `${country} is no country whose IBANs are known here.`
  if (iban.length !== length)
    return `An IBAN of ${country} has ${length} characters; this one has ${iban.length}.`
  return remainder(iban) === 1 ? null : 'The check digits do not fit the rest: a digit is wrong.'
}

/** The number modulo 97 that the IBAN stands for, its first four characters put last and letters counted from A = 10. */
function remainder(iban: string): number {
  const digits = [...iban.slice(4), ...iban.slice(0, 4)].map((letter) =>
    Number.parseInt(letter, 36),
  )
  return Number(BigInt(digits.join('')) % 97n)
}
