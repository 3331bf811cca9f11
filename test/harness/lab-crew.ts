import { readFileSync } from 'node:fs'
import type { OnCrash } from '../../src/tools/tool.ts'
import type { ChatRequest } from './model-request.ts'
import type { ModelAnswer } from './model-server.ts'
import type { CrewFiles } from './write-crews.ts'

const LAB = 'test/fixtures/crews/lab'

/** One task, whose agent calls the laboratory as the inputs `how` and `ms` say; see {@link labAnswers}. */
export function labCrew(onCrash: OnCrash = 'retry'): CrewFiles {
  const tool = readFileSync(`${LAB}/tools/lab.ts`, 'utf8')
  return {
    'config/agents.yaml':
      'chemist: { role: Chemist, goal: Find out, backstory: You try., tools: [lab] }',
    'config/tasks.yaml':
      'try_task: { description: "Try {how} for {ms} ms with {ledger}.", expected_output: What happened, agent: chemist }',
    'tools/lab.ts': tool.replace('timeoutMs: 20_000', `onCrash: '${onCrash}',\n  timeoutMs: 8_000`),
    'chunk.ts': readFileSync(`${LAB}/chunk.ts`, 'utf8'),
  }
}

/** A model that calls the laboratory once, and answers with what it was told. */
export function labAnswers({ body }: { readonly body: ChatRequest }): ModelAnswer {
  const last = body.messages.at(-1)
  if (last?.role === 'tool') return { message: { content: `Told: ${last.content}` } }
  const [, how, ms, ledger] =
    /Try (\w+) for (\d+) ms with (\S+)\./.exec(String(last?.content)) ?? []
  const args = JSON.stringify({ how, ms: Number(ms), ledger })
  const call = { id: 'call_1', type: 'function', function: { name: 'lab', arguments: args } }
  return { message: { content: null, tool_calls: [call] }, finishReason: 'tool_calls' }
}
