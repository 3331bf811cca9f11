import { parseEnv } from 'node:util'

/** Variables of the environment by name. */
export type Variables = Readonly<Record<string, string>>

const SECRET = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i
/** Shorter values stand in texts by chance. */
const MIN_SECRET_CHARACTERS = 8
/** Enough to know a secret by: the rest of it may be cut off. */
const MAX_COMPARED = 16

/** What the text of an `.env` says, empty values too. */
export function parseVariables(text: string): Variables {
  const variables: Record<string, string> = {}
  for (const [name, value = ''] of Object.entries(parseEnv(text)))
    variables[name] = fill(value, variables)
  return variables
}

/** As python-dotenv does it: `${NAME}` and `${NAME:-default}` stand for variables of the lines above. */
function fill(text: string, above: Variables): string {
  return text.replaceAll(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, byDefault = '') =>
    Object.hasOwn(above, name) ? (above[name] ?? '') : byDefault,
  )
}

/** Those that hold secrets, by what they are called, with their values. */
export function secretsAmong(variables: Variables): readonly (readonly [string, string])[] {
  return Object.entries(variables).filter(
    ([name, value]) => isSecretName(name) && value.length >= MIN_SECRET_CHARACTERS,
  )
}

export function isSecretName(name: string): boolean {
  return SECRET.test(name)
}

/** A text with `${NAME}` in place of the secrets among variables, for what is printed and logged. */
export function withoutSecrets(text: string, variables: Variables): string {
  return secretsAmong(variables).reduce((rest, [name, value]) => {
    const whole = rest.replaceAll(value, () => `\${${name}}`)
    if (value.length <= MAX_COMPARED) return whole
    const start = value.slice(0, MAX_COMPARED).replaceAll(/[^\w\s]/g, '\\$&')
    return whole.replaceAll(new RegExp(`${start}[^\\s"']*`, 'g'), () => `\${${name}}`)
  }, text)
}
