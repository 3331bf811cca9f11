import type { AddressInfo } from 'node:net'
import type { Config } from '../config.ts'
import { troubleError, troubleOf } from '../db/trouble.ts'
import { type Assembly, type Begun, compose } from './compose.ts'
import { beginLoading, type Loading } from './loading.ts'

export interface CoxswainServer extends Omit<Assembly, 'app' | 'begin'>, Begun {
  /** `http://<host>:<port>`. */
  readonly url: string
}

/**
 * Opens everything, joins it and listens.
 *
 * @param loading of its crews. Default: begins with it
 * @throws Error for people when a setting, the database or the port cannot be used
 */
export async function startServer(
  config: Config,
  loading: Loading = beginLoading(config),
): Promise<CoxswainServer> {
  const { app, begin, ...assembled } = await compose(config, loading)
  try {
    await listen(app, config)
    const url = urlOf(app.server.address() as AddressInfo)
    return { ...assembled, url, ...(await begin()) }
  } catch (error) {
    await assembled.close()
    const trouble = troubleOf(error)
    if (trouble === null) throw error
    throw new Error(`DATABASE_URL: ${troubleError(trouble).message}`, { cause: error })
  }
}

async function listen(app: Assembly['app'], { host, port }: Config): Promise<void> {
  await app.listen({ host, port }).catch((cause: unknown) => {
    throw new Error(`HOST=${host} and PORT=${port} cannot be listened on`, { cause })
  })
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
