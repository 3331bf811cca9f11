import type { ModelConnection } from '../model-choice.ts'
import { fill, findValue, findVariable, type Lookup } from './environment.ts'
import type { Provider, UrlPart } from './provider.ts'

/** What is wrong, for people. */
interface Wrong {
  readonly wrong: string
}

/** Where the provider is, and whether that is a place that was named for it. */
export type BaseUrl = { readonly url: URL; readonly isOwn: boolean } | Wrong

/** @returns the URL up to the part before `/chat/completions`, as the crew or else the environment has it */
export function findBaseUrl(
  provider: Provider,
  connection: ModelConnection,
  lookup: Lookup,
): BaseUrl {
  if (connection.baseUrl !== undefined) return ofCrew(provider, connection.baseUrl, lookup)
  const variable = findVariable(provider.baseUrlVariables, lookup)
  if (variable === undefined && !provider.needsBaseUrl)
    return ofProvider(provider, connection, lookup)
  const url = toUrl(findValue(provider.baseUrlVariables, lookup) ?? '', provider)
  const example = provider.baseUrl.replaceAll(/[{}]/g, '')
  return url === null
    ? { wrong: `${variable ?? provider.baseUrlVariables[0]} ${mustBeUrl(example)}` }
    : { url, isOwn: true }
}

function ofCrew(provider: Provider, baseUrl: string, lookup: Lookup): BaseUrl {
  const filled = fill(baseUrl, lookup)
  if ('missing' in filled) return { wrong: `set ${filled.missing}, which its base URL needs` }
  const url = toUrl(filled.text, provider)
  return url === null
    ? { wrong: `its base URL ${mustBeUrl('http://localhost:8000/v1')}` }
    : { url, isOwn: true }
}

function ofProvider(provider: Provider, connection: ModelConnection, lookup: Lookup): BaseUrl {
  const { baseUrl, part } = provider
  if (part === undefined) return { url: new URL(baseUrl), isOwn: false }
  const value = partOf(part, connection, lookup)
  if (typeof value !== 'string') return value
  const url = HOST_PART.test(value) ? URL.parse(baseUrl.replace(`{${part.name}}`, value)) : null
  return url === null
    ? { wrong: `${part.variables.join(' or ')} must be the name of the ${part.name}` }
    : { url, isOwn: false }
}

/** A part of a host, and nothing that would end it: the key is sent there. */
const HOST_PART = /^[a-z0-9][a-z0-9._-]*$/i

function partOf(part: UrlPart, { region }: ModelConnection, lookup: Lookup): string | Wrong {
  const filled = region === undefined || part.name !== 'region' ? null : fill(region, lookup)
  if (filled !== null && 'missing' in filled)
    return { wrong: `set ${filled.missing}, which its region needs` }
  const value = filled?.text ?? findValue(part.variables, lookup) ?? part.byDefault
  return value ?? { wrong: `set ${part.variables.join(' or ')}` }
}

function mustBeUrl(example: string): string {
  return `must be an http(s) URL without user and password, for example ${example}`
}

/** Null: no URL to send a key to. */
function toUrl(text: string, provider: Provider): URL | null {
  const value = text.includes('://') ? text : `http://${text}`
  const url = URL.parse(value)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return null
  url.hash = ''
  url.pathname = pathOf(url.pathname.replace(/\/chat\/completions\/?$/, ''), provider)
  const { port } = provider
  if (port !== undefined && /^http:\/\/([^/:?]+|\[[^\]]*\])([/?]|$)/i.test(value)) url.port = port
  return url
}

function pathOf(given: string, { path, otherPaths, appendsPath = false }: Provider): string {
  const own = given.replace(/\/+$/, '')
  if (path === undefined || own.endsWith(path)) return own
  if (own === '' || otherPaths?.test(own)) return path
  return appendsPath ? `${own}${path}` : own
}
