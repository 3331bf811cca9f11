import { hash } from 'node:crypto'

/** Of what a person is shown: an answer to anything else is no answer to this. */
export function digestOf(shown: Readonly<Record<string, string | number>>): string {
  return hash('sha256', JSON.stringify(shown)).slice(0, 32)
}
