import { isText } from '../interpret/values/make.ts'
import type { Made } from '../interpret/values/value.ts'

/** Characters of a name that is made from a role. */
const MAX_NAME = 60

/** Gives every agent, or every task, a name of its own: that of its method, its YAML, its variable, or of what it is. */
export function nameObjects(objects: readonly Made[], noun: string): ReadonlyMap<Made, string> {
  // Methods come first: others refer to them.
  const byMethod = objects.filter(({ name }) => name !== null)
  const others = objects.filter(({ name }) => name === null)
  const names = new Map<Made, string>()
  const taken = new Set<string>()
  for (const object of [...byMethod, ...others]) {
    const wanted = object.name ?? guessName(object) ?? noun
    let name = wanted
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`
    taken.add(name)
    names.set(object, name)
  }
  return new Map(objects.map((object) => [object, names.get(object) ?? noun]))
}

function guessName({ keywords, variable }: Made): string | null {
  const config = keywords.get('config')?.value
  if (config?.kind === 'dict' && config.key !== null) return config.key
  if (variable !== null) return variable
  const text = keywords.get('name')?.value ?? keywords.get('role')?.value
  if (!isText(text)) return null
  const words = text.value.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_')
  const name = words.replaceAll(/^_+|_+$/g, '').slice(0, MAX_NAME)
  return name === '' || /^\d/.test(name) ? null : name
}
