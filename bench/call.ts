import { Pool } from 'undici'

/** A client of the measured server, as light as there is: it shares the cores. */
export interface Client {
  /** @throws Error when the answer is not 200 */
  get(path: string): Promise<string>
  post(path: string, body: unknown): Promise<string>
  close(): Promise<void>
}

export const TOKEN = 'a token for measuring'

export function createClient(url: string, connections: number): Client {
  const pool = new Pool(url, { connections })
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

  async function call(method: 'GET' | 'POST', path: string, body: string | null): Promise<string> {
    const answer = await pool.request({ method, path, headers, body })
    const text = await answer.body.text()
    if (answer.statusCode !== 200)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`)
    return text
  }

  return {
    get: (path) => call('GET', path, null),
    post: (path, body) => call('POST', path, JSON.stringify(body)),
    close: () => pool.close(),
  }
}
