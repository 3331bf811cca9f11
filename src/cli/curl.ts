import type { Crew } from '../crew/crew.ts'
import { exampleInputs } from '../crew/inputs/example-inputs.ts'

/**
 * Commands that kick a crew off and ask how far it is: pasted into a shell, the first one works as it is.
 *
 * @param token null: none is needed
 */
export function curlLines(url: string, crew: Crew, token: string | null): readonly string[] {
  const authorization = token === null ? '' : ` -H "Authorization: Bearer ${token}"`
  const base = `${url}/crews/${crew.name}`
  const body = JSON.stringify({ inputs: exampleInputs(crew) })
  return [
    `curl -s ${base}/kickoff${authorization} -H "Content-Type: application/json" -d ${quoted(body)}`,
    `curl -s ${base}/status/<kickoff_id>${authorization}`,
  ]
}

/** As a POSIX shell reads a text word for word. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
