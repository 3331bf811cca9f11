import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { readConfig } from '../config.ts'
import type { CrewEvent } from '../crew/events.ts'
import type { Question } from '../crew/host.ts'
import { settleInputs, withoutAliases } from '../crew/inputs/settle-inputs.ts'
import { missingInputs } from '../crew/inputs.ts'
import { createModels } from '../llm/models.ts'
import { plainHost } from '../runtime/plain-host.ts'
import { runCrew } from '../runtime/run-crew.ts'
import { loadNamedCrew } from './load.ts'

/** Runs one crew to its end in memory: what it does goes to stderr, its result to stdout. */
export async function run(name: string | undefined, pairs: readonly string[]): Promise<void> {
  const config = readConfig()
  const { crew, own } = await loadNamedCrew(config, name)
  const given = withoutAliases(crew, Object.fromEntries(pairs.map(toPair)))
  const missing = missingInputs(crew, given)
  if (missing.length > 0)
    throw new Error(`Missing inputs: ${missing.map((input) => `--input ${input}=…`).join(' ')}`)
  const inputs = settleInputs(crew, given)
  const models = createModels(config.models)
  if (models.isSimulated({ own })) console.error('The model is SIMULATED: answers are made up.')
  const host = plainHost({
    runId: randomUUID(),
    model: (choice) => models.resolve(choice, { own }),
    onEvent: tell,
    ask,
  })
  const output = await runCrew(crew, inputs, host)
  console.error(
    `\n${output.usage.successfulRequests} model calls, ${output.usage.totalTokens} tokens`,
  )
  console.log(output.raw)
  await models.close()
}

function toPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  if (at < 1) throw new Error(`--input takes name=value, got "${pair}".`)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

function tell(event: CrewEvent, output: string | null): void {
  const line = lineOf(event, output)
  if (line !== null) console.error(line)
}

function lineOf({ type, data }: CrewEvent, output: string | null): string | null {
  switch (type) {
    case 'task_started':
      return `\n${data.task}: ${data.agent.trim()}`
    case 'llm_call_started':
      return `  asks ${data.model}`
    case 'llm_call_postponed':
      return `  waits until ${new Date(data.retryAt).toLocaleTimeString()}: ${data.error}`
    case 'tool_usage_finished':
      return `  used ${data.tool}`
    case 'tool_usage_error':
      return `  could not use ${data.tool}: ${output ?? ''}`
    case 'task_completed':
      return `  done in ${(data.executionTimeMs / 1000).toFixed(1)} s`
    default:
      return null
  }
}

async function ask({ task, output }: Question) {
  console.error(`\n${task} asks for your review:\n\n${output}\n`)
  const feedback = await readLine('Enter to approve, or say what must change: ')
  return { approved: feedback === '', feedback }
}

/** Without a terminal nobody can answer, and nobody's approval is made up. */
async function readLine(prompt: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Error('This crew asks a person for review, and there is no terminal to ask on.')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const line = await terminal.question(prompt)
  terminal.close()
  return line.trim()
}
