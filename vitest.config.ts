import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // Vite does not know that a package may import itself by name, as crews do.
    alias: { coxswain: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
    conditions: ['development'],
  },
  ssr: { resolve: { conditions: ['development'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
