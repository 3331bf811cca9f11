import type { ClassFound } from './find-classes.ts'

/** What the crews of a project are called beside its name, e.g. `stock-analysis` for `StockAnalysisCrew`. */
export function crewNames(found: readonly ClassFound[]): readonly string[] {
  const taken = new Set<string>()
  return found.map(({ name: className, file }) => {
    const wanted = kebab(className.replace(/(?<=.)_?Crew$/, ''))
    const folder = kebab(file.split('/').at(-2) ?? '')
    let name = wanted
    for (let count = 1; taken.has(name); count += 1)
      name = count === 1 && folder !== '' ? `${folder}-${wanted}` : `${wanted}-${count}`
    taken.add(name)
    return name
  })
}

function kebab(name: string): string {
  const parted = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
  const clean = parted.replaceAll(/[^a-z0-9_-]+/g, '-').replaceAll(/^[_-]+|[_-]+$/g, '')
  return clean === '' ? 'crew' : clean
}
