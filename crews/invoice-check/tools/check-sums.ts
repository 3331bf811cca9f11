import { defineTool } from 'coxswain'
import { z } from 'zod'

const amount = z.number().min(-1e9).max(1e9)

const line = z.object({
  text: z.string().describe('What is charged for'),
  quantity: amount,
  unitPrice: amount.describe('Net, for one'),
  net: amount.describe('Net amount of the line as printed'),
  vatRate: z.number().min(0).max(100).describe('In percent, e.g. 19'),
})
type Line = z.output<typeof line>

const totals = z.object({ net: amount, vat: amount, gross: amount }).describe('As printed')
type Totals = z.output<typeof totals>

export default defineTool({
  name: 'check_sums',
  description:
    'Recalculates an invoice: quantity times price of each line, net total, VAT by rate, gross total, and lines charged twice. Give every number as it is printed.',
  parameters: z.object({ lines: z.array(line).min(1).max(500), totals }),
  execute({ lines, totals: printed }) {
    const findings = [
      ...lines.flatMap(checkLine),
      ...lines.flatMap(findRepetition),
      ...checkTotals(lines, printed),
    ]
    return { correct: findings.length === 0, findings }
  },
})

function checkLine({ text, quantity, unitPrice, net }: Line, position: number): readonly string[] {
  const expected = rounded(tenThousandths(quantity) * tenThousandths(unitPrice), 1_000_000n)
  return compare(`Line ${position + 1} (${text}): ${quantity} × ${unitPrice}`, expected, cents(net))
}

function findRepetition(
  { text, quantity, unitPrice }: Line,
  position: number,
  lines: readonly Line[],
): readonly string[] {
  const first = lines.findIndex(
    (other) => other.text === text && other.quantity === quantity && other.unitPrice === unitPrice,
  )
  return first === position ? [] : [`Line ${position + 1} (${text}) repeats line ${first + 1}.`]
}

/** The printed lines are what is added up, so that a wrong line is reported once and not in every total again. */
function checkTotals(lines: readonly Line[], printed: Totals): readonly string[] {
  const vat = cents(printed.vat)
  const byRate = sum(ratesOf(lines).map((rate) => vatOf(sum(netsAt(lines, rate)), rate)))
  const byLine = sum(lines.map(({ net, vatRate }) => vatOf(cents(net), vatRate)))
  return [
    ...compare('Net total', sum(lines.map(({ net }) => cents(net))), cents(printed.net)),
    // EU law leaves it to the member states to round for each rate or for each line (ECJ C-484/06): both are right.
    ...(vat === byLine ? [] : compare('VAT', byRate, vat)),
    ...compare('Gross total: net plus VAT', cents(printed.net) + vat, cents(printed.gross)),
  ]
}

function compare(what: string, expected: bigint, printed: bigint): readonly string[] {
  return expected === printed
    ? []
    : [`${what} should be ${money(expected)}, but ${money(printed)} is printed.`]
}

function ratesOf(lines: readonly Line[]): readonly number[] {
  return [...new Set(lines.map(({ vatRate }) => vatRate))]
}

function netsAt(lines: readonly Line[], rate: number): readonly bigint[] {
  return lines.filter(({ vatRate }) => vatRate === rate).map(({ net }) => cents(net))
}

function vatOf(net: bigint, rate: number): bigint {
  return rounded(net * tenThousandths(rate), 1_000_000n)
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, one) => total + one, 0n)
}

/** Whole cents, because binary fractions cannot hold 0.10. */
function cents(value: number): bigint {
  return BigInt(Math.round(value * 100))
}

/** Quantities, unit prices, and rates may have four decimals. */
function tenThousandths(value: number): bigint {
  return BigInt(Math.round(value * 10_000))
}

/** Divides, half a cent away from zero. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const half = numerator < 0n ? -denominator / 2n : denominator / 2n
  return (numerator + half) / denominator
}

function money(amountInCents: bigint): string {
  return (Number(amountInCents) / 100).toFixed(2)
}
