#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { messageOf } from './errors.ts'

const USAGE = `Usage: coxswain <command>

  serve                              serve the crews over HTTP
  run <crew> [--input name=value …]  run one crew to its end, without a server
  validate [crew]                    check the files of all crews, or of one
  inputs <crew>                      list the inputs of a crew

Settings are read from the environment; README.md lists them.`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    input: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const [command, crew] = positionals

const commands: Readonly<Record<string, () => Promise<void>>> = {
  serve: async () => (await import('./cli/serve.ts')).serve(),
  run: async () => (await import('./cli/run.ts')).run(crew, values.input),
  validate: async () => (await import('./cli/validate.ts')).validate(crew),
  inputs: async () => (await import('./cli/inputs.ts')).inputs(crew),
}

const action = command === undefined ? undefined : commands[command]
if (values.help || action === undefined) {
  console.error(USAGE)
  process.exitCode = values.help ? 0 : 2
} else {
  // A person reads this: one line says what is wrong, and a stack would hide it.
  await action().catch((error: unknown) => {
    console.error(`coxswain: ${messageOf(error)}`)
    process.exitCode = 1
  })
}
