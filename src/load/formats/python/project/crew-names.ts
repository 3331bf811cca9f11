import type { CrewFound } from './find-crew-makers.ts'

/** What the crews of a project are called beside its name, e.g. `stock-analysis` for `StockAnalysisCrew` and `build_stock_analysis_crew`. */
export function crewNames(found: readonly CrewFound[]): readonly string[] {
  const taken = new Set<string>()
  return found.map(({ name: maker, file }) => {
    const wanted = kebab(
      maker.replace(/^(create|build|make|get)_/, '').replace(/(?<=.)_?crew$/i, ''),
    )
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
