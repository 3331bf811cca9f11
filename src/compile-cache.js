// Imported before everything else (`node --import`), and so in JavaScript: what Node compiles, TypeScript included, is
// kept for the next start. That one takes about half the time, and 15 MB less: it does not load Node's compiler.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/coxswain'))
