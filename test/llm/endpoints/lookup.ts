import type { Lookup } from '../../../src/llm/endpoints/environment.ts'

export function lookupIn(environment: Readonly<Record<string, string>>): Lookup {
  return (name) => environment[name]
}

/** How a crew's files name a variable inside a text. */
export function of(name: string, byDefault?: string): string {
  return `\${${name}${byDefault === undefined ? '' : `:-${byDefault}`}}`
}
