/** The value of a variable; undefined or blank: it is not set. */
export type Lookup = (variable: string) => string | undefined

/** Asks them in turn for the first value that is not blank. */
export function firstOf(...lookups: readonly Lookup[]): Lookup {
  return (variable) => {
    for (const lookup of lookups) {
      const value = lookup(variable)
      if (value !== undefined && value.trim() !== '') return value
    }
    return undefined
  }
}

/** Trimmed: a value that was read from a file often ends in a line break. */
export function findValue(variables: readonly string[], lookup: Lookup): string | null {
  const variable = findVariable(variables, lookup)
  return variable === undefined ? null : (lookup(variable)?.trim() ?? null)
}

export function findVariable(variables: readonly string[], lookup: Lookup): string | undefined {
  return variables.find((name) => lookup(name)?.trim())
}

/** `${NAME}` or `${NAME:-default}`. */
const REFERENCE = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g

export type Filled = { readonly text: string } | { readonly missing: string }

/** The text with the values of the variables that it names, or the first of these that is not set. */
export function fill(text: string, lookup: Lookup): Filled {
  let missing: string | undefined
  const filled = text.replace(REFERENCE, (_, name: string, byDefault?: string) => {
    const value = findValue([name], lookup) ?? byDefault
    if (value === undefined) missing ??= name
    return value ?? ''
  })
  return missing === undefined ? { text: filled.trim() } : { missing }
}
