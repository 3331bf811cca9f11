import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openApp } from './harness/app.ts'

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly security?: readonly unknown[]
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

async function readDocument() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  await using app = await openApp({ version })
  return (await app.inject('/openapi.json')).json()
}

async function readOperations(): Promise<readonly Operation[]> {
  const { paths } = await readDocument()
  return Object.values<object>(paths).flatMap((path) => Object.values(path))
}

// `vitest run test/openapi.test.ts -u` writes it.
test('openapi/openapi.json is what the routes say', async () => {
  const document = JSON.stringify(await readDocument(), null, 2)
  await expect(`${document}\n`).toMatchFileSnapshot('../openapi/openapi.json')
})

test('every operation has an id of its own, words, and the errors of all', async () => {
  const operations = await readOperations()
  expect(operations.length).toBeGreaterThan(15)
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { summary, description, tags, security, responses } of operations) {
    expect(summary && description && tags.length === 1).toBe(true)
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '400', '500', '503']))
    expect('401' in responses).toBe(security === undefined)
  }
})

test('every body has an example', async () => {
  const { components, paths, webhooks } = await readDocument()
  const bodies = [...JSON.stringify([paths, webhooks]).matchAll(/schemas\/(\w+)/g)]
  const names = new Set(bodies.map(([, name = '']) => name))
  const without = [...names].filter((name) => components.schemas[name].examples === undefined)
  expect(without).toEqual(['Error', 'Ok'])
})
