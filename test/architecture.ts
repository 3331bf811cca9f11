/** The architecture, top to bottom: a file may import from its own layer and the ones below it. */
export const LAYERS = [
  'cli',
  'index',
  'server',
  'config',
  'http',
  'wire',
  'runs',
  'crew',
  'webhooks',
  'llm',
  'tools',
  'dispatch',
  'net',
  'db',
  'errors',
]
