#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { messageOf } from './errors.ts'

const USAGE = `Usage: coxswain <command>

  serve [--watch]                    serve the crews over HTTP; --watch loads a crew again when
                                     its files change
  run <crew> [--input name=value …]  run one crew to its end, without a server
  validate [crew] [--json] [--strict]
                                     check the files of all crews, or of one; --strict fails on
                                     what has no effect, too
  doctor [folder]                    load every value of the crews that only Python can tell, and say
                                     which packages are missing and what installs them
  inputs <crew>                      list the inputs of a crew
  new <name> [--purpose text] [--input name] [--format yaml|typescript]
                                     write a crew that can be run, and changed from there
  import <project> [--to folder] [--format yaml|typescript]
                                     write the crews of a CrewAI project as ours, without its Python,
                                     and say what is left to write
  backup <file>                      copy the data of the running server into a file

Settings are read from the environment; README.md lists them.`

interface Options {
  readonly input: readonly string[]
  readonly json: boolean
  readonly strict: boolean
  readonly purpose?: string
  readonly format?: string
  readonly watch: boolean
  readonly to?: string
}

type Command = (subject: string | undefined, options: Options) => Promise<void>

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['serve', async (_, { watch }) => (await import('./cli/serve.ts')).serve({ watch })],
  ['run', async (crew, { input }) => (await import('./cli/run.ts')).run(crew, input)],
  [
    'validate',
    async (crew, options) => (await import('./cli/validate.ts')).validate(crew, options),
  ],
  ['backup', async (file) => (await import('./cli/backup.ts')).backup(file)],
  ['new', async (name, options) => (await import('./cli/new.ts')).newCrew(name, options)],
  [
    'import',
    async (project, options) => (await import('./cli/import.ts')).importCrews(project, options),
  ],
  ['doctor', async (folder) => (await import('./cli/doctor.ts')).doctor(folder)],
  ['inputs', async (crew) => (await import('./cli/inputs.ts')).inputs(crew)],
])

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      input: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      purpose: { type: 'string' },
      format: { type: 'string' },
      watch: { type: 'boolean', default: false },
      to: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [name = '', subject] = positionals
  const command = COMMANDS.get(name)
  if (command !== undefined && !values.help) return command(subject, values)
  console.error(USAGE)
  process.exitCode = values.help ? 0 : 2
}

// A person reads this: one line says what is wrong, and a stack would hide it.
await main().catch((error: unknown) => {
  console.error(`coxswain: ${describe(error)}`)
  process.exitCode = 1
})

/** With its causes, unless the text has them already. */
function describe(error: unknown): string {
  const text = messageOf(error)
  const cause = error instanceof Error && error.cause ? describe(error.cause) : ''
  return text.includes(cause) ? text : `${text} (${cause})`
}
