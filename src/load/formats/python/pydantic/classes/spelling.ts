/** The title that pydantic makes of a name: `item_count2x` is `Item Count2X`. */
export function titleOf(name: string): string {
  return pythonTitle(name).replaceAll('_', ' ').trim()
}

/** What a generator of pydantic's own makes of a name; null: it is another. */
export function generateAlias(generator: string, name: string): string | null {
  switch (generator) {
    case 'to_pascal':
      return toPascal(name)
    case 'to_camel':
      return toCamel(name)
    case 'to_snake':
      return toSnake(name)
    default:
      return null
  }
}

/** `str.title()`: a letter after anything that is no letter is upper case, the others lower. */
function pythonTitle(text: string): string {
  return text.replaceAll(/\p{L}+/gu, ([first = '', ...rest]) =>
    [first.toUpperCase(), ...rest.map((letter) => letter.toLowerCase())].join(''),
  )
}

function toPascal(name: string): string {
  return pythonTitle(name).replaceAll(/([0-9A-Za-z])_(?=[0-9A-Z])/g, '$1')
}

function toCamel(name: string): string {
  if (/^[a-z]+[A-Za-z0-9]*$/.test(name) && !/\d(?=[a-z])/.test(name)) return name
  return toPascal(name).replace(/(^_*[A-Z])/, (start) => start.toLowerCase())
}

function toSnake(name: string): string {
  return name
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/([0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([a-z])([0-9])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
}
