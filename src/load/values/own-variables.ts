import { parseEnv } from 'node:util'
import type { CrewFolder } from '../formats/format.ts'
import { listFolder } from '../formats/list-folder.ts'
import { readText } from '../formats/read-text.ts'

/** Variables of the environment by name; none of them is empty. */
export type Variables = Readonly<Record<string, string>>

const FILE = '.env'

const SECRET = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i
/** Shorter values stand in texts by chance. */
const MIN_SECRET_CHARACTERS = 8
/** Enough to know a secret by: the rest of it may be cut off. */
const MAX_COMPARED = 16

/** What the `.env` of a folder says, for its crews alone. */
export async function ownVariables(folder: CrewFolder): Promise<Variables> {
  if (!(await listFolder(folder.dir)).includes(FILE)) return {}
  const text = await readText(folder, FILE)
  if (text === null) return {}
  const variables: Record<string, string> = {}
  for (const [name, value = ''] of Object.entries(parseEnv(text))) {
    const filled = fill(value, variables)
    if (filled.trim() !== '') variables[name] = filled
  }
  return variables
}

/** As python-dotenv does it: `${NAME}` and `${NAME:-default}` stand for variables of the lines above. */
function fill(text: string, above: Variables): string {
  return text.replaceAll(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, byDefault = '') =>
    Object.hasOwn(above, name) ? (above[name] ?? '') : byDefault,
  )
}

/** A text with `${NAME}` in place of the secrets among variables, for what is printed and logged. */
export function withoutSecrets(text: string, variables: Variables): string {
  const secrets = Object.entries(variables).filter(
    ([name, value]) => SECRET.test(name) && value.length >= MIN_SECRET_CHARACTERS,
  )
  return secrets.reduce((rest, [name, value]) => {
    const whole = rest.replaceAll(value, () => `\${${name}}`)
    if (value.length <= MAX_COMPARED) return whole
    const start = value.slice(0, MAX_COMPARED).replaceAll(/[^\w\s]/g, '\\$&')
    return whole.replaceAll(new RegExp(`${start}[^\\s"']*`, 'g'), () => `\${${name}}`)
  }, text)
}
