import { z } from 'zod'
import type { Config } from '../config.ts'
import { tokenOf } from '../server/secrets.ts'

/**
 * Asks the running server, and gives its answer when that is a good one.
 *
 * @throws Error for people when no server answers, or it refuses
 */
export async function callServer(
  config: Config,
  path: string,
  signal: AbortSignal,
): Promise<Response> {
  const { serverUrl } = config
  if (serverUrl === null)
    throw new Error('PORT=0 does not say where the server is. Set COXSWAIN_URL.')
  const token = tokenOf(config)
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(serverUrl + path, { headers, signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    throw new Error(
      `No server answers at ${serverUrl}. Start it, or set COXSWAIN_URL to where it is.`,
      { cause: error },
    )
  })
  if (response.ok) return response
  if (response.status === 401)
    throw new Error(
      `The server at ${serverUrl} does not take ${token === null ? 'a call without a token' : 'this token'}. Set COXSWAIN_TOKEN to one of its own.`,
    )
  throw new Error(
    `The server at ${serverUrl} answered ${response.status}: ${await textOf(response)}`,
  )
}

const ErrorMessage = z.object({ message: z.string() })
const MAX_SHOWN_CHARACTERS = 500

async function textOf(response: Response): Promise<string> {
  const text = await response.text()
  try {
    return ErrorMessage.parse(JSON.parse(text)).message
  } catch {
    return text.slice(0, MAX_SHOWN_CHARACTERS)
  }
}
