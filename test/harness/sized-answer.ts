import type { ModelAnswer, ModelCall } from './model-server.ts'

/** With what JSON must escape, as texts of models have. */
const LINE = 'The tide "turns" twice a day, and the harbour turns with it.\n'

/** An answer of the length that the last message asks for (`… in 100000 characters`); without that, the usual one. */
export function sizedAnswer({ body, hash }: ModelCall): ModelAnswer {
  const asked = /\bin (\d+) characters\b/.exec(body.messages.at(-1)?.content ?? '')
  if (asked === null) return {}
  const length = Number(asked[1])
  const content = `${hash}\n${LINE.repeat(Math.ceil(length / LINE.length))}`.slice(0, length)
  return { message: { content } }
}
