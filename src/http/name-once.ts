import { EXAMPLES } from '../wire/examples.ts'

interface Parts {
  readonly paths?: unknown
  readonly webhooks?: unknown
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> }
}

/**
 * The provider lists every schema twice, as it is answered (`X`) and as it is taken (`XInput`). Each is used one way
 * here, so the one that is referred to stays, under the plain name and with its example. They are sorted, for else
 * the order of imports would show in the document.
 */
export function nameOnce<Document extends Parts>(document: Document): Document {
  const { paths, webhooks, components } = document
  const all = components?.schemas ?? {}
  const used = [...namesIn([paths, webhooks], all)].sort()
  const schemas = used.map((name) => {
    const plain = name.replace(/Input$/, '')
    const example = EXAMPLES[plain]
    return [plain, Object.assign({}, all[name], example && { examples: [example] })]
  })
  const named = { ...document, components: { ...components, schemas: Object.fromEntries(schemas) } }
  return JSON.parse(
    JSON.stringify(named).replaceAll(/("#\/components\/schemas\/\w+?)Input"/g, '$1"'),
  )
}

/** Names of the schemas that `part` refers to, directly or through others. */
function namesIn(
  part: unknown,
  schemas: Readonly<Record<string, unknown>>,
  found = new Set<string>(),
): ReadonlySet<string> {
  for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (found.has(name)) continue
    found.add(name)
    namesIn(schemas[name], schemas, found)
  }
  return found
}
