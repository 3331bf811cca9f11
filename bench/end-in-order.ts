/**
 * Makes an interrupted script, or one that hangs, end by `process.exit`: child processes and temporary folders are taken
 * away there.
 */
export function endInOrder({ withinMs }: { readonly withinMs: number }): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      console.error(`\nended by ${signal}`)
      process.exit(130)
    })
  setTimeout(() => {
    console.error(`not done within ${Math.round(withinMs / 60_000)} minutes`)
    process.exit(1)
  }, withinMs).unref()
}
