/** Where a provider's OpenAI-compatible endpoint is, and which variables of the environment belong to it. */
export interface Provider {
  /** What may stand before the slash of `provider/model`; the first one is used in messages and events. */
  readonly names: readonly [string, ...string[]]
  /** Up to the part before `/chat/completions`. May have one `{part}`, which {@link part} fills. */
  readonly baseUrl: string
  /** The first one that is set replaces `baseUrl`. The first is named in messages. */
  readonly baseUrlVariables: readonly string[]
  /** True: `baseUrl` is only an example, and one of the variables must be set. */
  readonly needsBaseUrl?: boolean
  readonly part?: UrlPart
  /** What a base URL without a path gets; providers without it are taken at their word. */
  readonly path?: string
  /** Paths that stand for none: those of other APIs of the same server. */
  readonly otherPaths?: RegExp
  /** True: a base URL gets `path` also after a path of its own. */
  readonly appendsPath?: boolean
  /** The parameter of the query that has the version of its API, if versions can be asked for. */
  readonly versionParameter?: string
  /** What a base URL with http and without a port gets. */
  readonly port?: string
  /** The first one that is set is the key. The first is named in messages. */
  readonly keyVariables: readonly [string, ...string[]]
  /** True: the key is one for other things too, and having it does not say that models are asked with it. */
  readonly keyIsForMore?: boolean
  /** True: it runs on one's own machine, where a key is the exception. */
  readonly isLocal?: boolean
  /** Models that its OpenAI-compatible endpoint does not serve, and who says so. */
  readonly unserved?: { readonly names: RegExp; readonly why: string }
}

/** A part of the host that depends on the account, such as the region. */
export interface UrlPart {
  readonly name: string
  readonly variables: readonly [string, ...string[]]
  /** Absent: one of the variables must be set. */
  readonly byDefault?: string
}
