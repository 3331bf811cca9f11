/**
 * What the crew of a folder is called in URLs: small letters, digits, `-` and `_`, first a letter or a digit. `My Crew`
 * is `my-crew`. Null: nothing is left of the name.
 */
export function crewName(folder: string): string | null {
  const name = folder
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^[_-]+|-+$/g, '')
  return name === '' ? null : name
}
