import { expect, test } from 'vitest'
import { createBudget } from '../../../src/webhooks/sending/budget.ts'

/** Whether it is resolved by now. */
async function isResolved(promise: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([
    promise.then(() => true),
    new Promise((resolve) => setImmediate(resolve, false)),
  ])) as boolean
}

test('shares are given until what they weigh is too much, and again when one is given back', async () => {
  const budget = createBudget({ maxBytes: 100, maxUnweighed: 10 })
  const [one, two] = [await budget.take(), await budget.take()]
  one.weigh(60)
  two.weigh(40)
  const third = budget.take()
  expect(await isResolved(third)).toBe(false)
  two.give()

  expect(await isResolved(third)).toBe(true)
})

test('a share may weigh more than all there is, when it is the only one', async () => {
  const budget = createBudget({ maxBytes: 100, maxUnweighed: 10 })
  const one = await budget.take()
  one.weigh(5_000)
  const next = budget.take()
  expect(await isResolved(next)).toBe(false)
  one.give()

  expect(await isResolved(next)).toBe(true)
})

test('so many shares are out unweighed, in the order they were asked for', async () => {
  const budget = createBudget({ maxBytes: 100, maxUnweighed: 2 })
  const order: string[] = []
  const take = (name: string) =>
    budget.take().then((share) => {
      order.push(name)
      return share
    })
  const first = await take('first')
  await take('second')
  const [third, fourth] = [take('third'), take('fourth')]
  expect(await isResolved(third)).toBe(false)
  first.weigh(1)
  expect(await isResolved(third)).toBe(true)
  expect(await isResolved(fourth)).toBe(false)
  ;(await third).give()

  expect(await isResolved(fourth)).toBe(true)
  expect(order).toEqual(['first', 'second', 'third', 'fourth'])
})
