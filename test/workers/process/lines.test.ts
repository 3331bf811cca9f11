import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLines } from '../../../src/workers/process/lines.ts'

async function linesOf(chunks: readonly Uint8Array[], maxChars: number) {
  const stream = new PassThrough()
  const lines: string[] = []
  let tooLong = 0
  readLines(stream, {
    maxChars,
    onLine: (line) => lines.push(line),
    onTooLong: () => {
      tooLong += 1
    },
  })
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await finished(stream)
  return { lines, tooLong }
}

/** The bytes in pieces of this size, which may part a character. */
function inPieces(text: string, size: number): readonly Uint8Array[] {
  const bytes = Buffer.from(text)
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

test('lines are the same however they arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 })),
      fc.integer({ min: 1, max: 9 }),
      async (texts, size) => {
        const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '')
        expect(await linesOf(inPieces(lines.join('\n'), size), 1_000)).toEqual({
          lines,
          tooLong: 0,
        })
      },
    ),
  )
})

test('a line that is too long is cut and told, and the next one is whole', async () => {
  expect(await linesOf(inPieces(`${'a'.repeat(50)}\nnext\n`, 7), 10)).toEqual({
    lines: ['a'.repeat(10), 'next'],
    tooLong: 1,
  })
})
