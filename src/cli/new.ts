import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { readConfig } from '../config.ts'
import { textFor } from '../crew/inputs/example-inputs.ts'
import { crewName } from '../load/crew-name.ts'
import { NEW_FORMATS, type NewCrew, type NewFormat, newCrewFiles } from './new-crew.ts'

/** The answers that are given beforehand, as options. */
export interface NewOptions {
  readonly purpose?: string
  readonly input: readonly string[]
  readonly format?: string
}

/** A question: what is asked, what counts without an answer, and what is wrong with one; null: nothing. */
interface Question {
  readonly ask: string
  readonly byDefault: string
  problemOf(answer: string): string | null
}

const MAX_PURPOSE_CHARACTERS = 500

const PURPOSE: Question = {
  ask: 'What is the crew for?',
  byDefault: 'Writes a short text that people can rely on',
  problemOf: (answer) =>
    answer.length <= MAX_PURPOSE_CHARACTERS
      ? null
      : `The purpose may have ${MAX_PURPOSE_CHARACTERS} characters.`,
}

const INPUT: Question = {
  ask: 'What is it given with every kickoff? The name of an input:',
  byDefault: 'topic',
  problemOf: (answer) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(answer) && answer !== '__proto__'
      ? null
      : `"${answer}" cannot be the name of an input: it has letters, digits and _, and starts with no digit, such as customer_request.`,
}

const FORMAT: Question = {
  ask: `In which format, ${NEW_FORMATS.join(' or ')}?`,
  byDefault: 'yaml',
  problemOf: (answer) =>
    isFormat(answer) ? null : `The format is one of ${NEW_FORMATS.join(', ')}, not "${answer}".`,
}

/**
 * Writes a crew that can be run as it is. What no option says is asked on a terminal, and has its default elsewhere.
 *
 * @throws Error for people when the name cannot be one, is taken, or an answer makes no sense
 */
export async function newCrew(name: string | undefined, options: NewOptions): Promise<void> {
  const { crewsDir } = readConfig()
  refuseName(name)
  const [input, ...others] = options.input
  if (others.length > 0) throw new Error('A new crew has one input; others are added in its files.')
  const crew = await answered(name, { ...options, input })
  const folder = join(crewsDir, name)
  await makeFolder(crewsDir, folder)
  for (const [path, text] of Object.entries(newCrewFiles(crew))) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text, { flag: 'wx' })
    console.log(`wrote ${file}`)
  }
  const example = textFor(crew.input).replaceAll('"', '')
  console.log(`\nTry it: npx coxswain run ${name} --input ${crew.input}="${example}"`)
}

function refuseName(name: string | undefined): asserts name is string {
  if (name === undefined) throw new Error('Name the crew: coxswain new <name>.')
  const near = crewName(name)
  if (near === name) return
  const hint = near === null ? '' : `; ${near} would do`
  throw new Error(
    `"${name}" cannot be the name of a crew, which is a part of its URL: small letters, digits, - and _, first a letter or digit${hint}.`,
  )
}

/** Nothing that is there is written over. */
async function makeFolder(crewsDir: string, folder: string): Promise<void> {
  await mkdir(crewsDir, { recursive: true })
  await mkdir(folder).catch((cause: unknown) => {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new Error(
      isTaken
        ? `${folder} is there already, and nothing was written. Choose another name, or remove it.`
        : `${folder} cannot be made`,
      isTaken ? undefined : { cause },
    )
  })
}

async function answered(
  name: string,
  given: Readonly<Partial<Record<'purpose' | 'input' | 'format', string | undefined>>>,
): Promise<NewCrew> {
  using terminal = openTerminal()
  const purpose = await answerOf(PURPOSE, given.purpose, terminal)
  const input = await answerOf(INPUT, given.input, terminal)
  const format = await answerOf(FORMAT, given.format, terminal)
  return { name, purpose, input, format: isFormat(format) ? format : 'yaml' }
}

/** An option must be right; on a terminal the question is put again. */
async function answerOf(
  question: Question,
  given: string | undefined,
  terminal: Terminal | null,
): Promise<string> {
  const { ask, byDefault, problemOf } = question
  const answer =
    (given ?? (await terminal?.ask(`${ask} [${byDefault}] `)) ?? '').trim() || byDefault
  const problem = problemOf(answer)
  if (problem === null) return answer
  if (given !== undefined || terminal === null) throw new Error(problem)
  console.error(problem)
  return answerOf(question, given, terminal)
}

interface Terminal extends Disposable {
  /** @throws Error when there is no more input */
  ask(prompt: string): Promise<string>
}

/** Null: nobody can be asked. */
function openTerminal(): Terminal | null {
  if (!process.stdin.isTTY) return null
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new Error('Nothing was written.')))
  })
  closed.catch(() => {})
  return {
    ask: (prompt) => Promise.race([lines.question(prompt), closed]),
    [Symbol.dispose]: () => lines.close(),
  }
}

function isFormat(text: string): text is NewFormat {
  return NEW_FORMATS.some((format) => format === text)
}
