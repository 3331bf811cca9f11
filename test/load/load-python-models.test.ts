import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadFolder } from '../../src/load/load-folder.ts'
import { pythonValue } from '../../src/workers/python/values.ts'
import { pythonThat } from '../harness/python-that.ts'
import { temporaryCrews } from '../harness/temporary-crews.ts'

const LLM = {
  kind: 'llm',
  key: 'k',
  className: 'crewai.llms.providers.openai_compatible.completion.OpenAICompatibleCompletion',
  model: 'llama3',
  provider: 'ollama',
  baseUrl: 'http://box:11434/v1',
  apiKeyVariable: 'BOX_KEY',
  hasApiKey: true,
  parameters: { temperature: 0.5, timeout: 30, region: 'eu-west-1' },
}

const MADE = { python: 'models.make' }

/** A crew whose model, or what is said of it, is this in Python. */
async function loadWith(value: unknown, llm: unknown = MADE) {
  using crews = temporaryCrews({
    'crew/crew.jsonc': JSON.stringify({
      agents: ['writer'],
      tasks: [{ name: 'write', description: 'D', expected_output: 'E', agent: 'writer' }],
    }),
    'crew/agents/writer.jsonc': JSON.stringify({
      role: 'R',
      goal: 'G',
      backstory: 'B',
      llm,
    }),
    'crew/models.py': '',
  })
  const python = pythonThat(async (references) =>
    references.map(({ key }) => ({
      key,
      ...(value instanceof Error ? { error: value.message } : { value }),
    })),
  )
  const { crews: loaded } = await loadFolder(join(crews.path, 'crew'), { python: () => python })
  const [one] = loaded
  await one?.code.stop()
  return { llm: one?.crew?.agents[0]?.llm, problems: one?.problems.map(({ message }) => message) }
}

test('a model that only Python can make is asked by the server, as Python describes it', async () => {
  expect(await loadWith(pythonValue(LLM))).toEqual({
    llm: {
      name: 'llama3',
      connection: {
        provider: 'ollama',
        baseUrl: 'http://box:11434/v1',
        apiKeyVariable: 'BOX_KEY',
        region: 'eu-west-1',
        timeoutMs: 30_000,
      },
      parameters: { temperature: 0.5 },
    },
    problems: [],
  })
})

test('LiteLLM has the provider in the name of its model', async () => {
  const litellm = { ...LLM, className: 'crewai.llm.LLM', model: 'groq/llama3', provider: 'groq' }
  const { llm } = await loadWith(
    pythonValue({ ...litellm, baseUrl: null, apiKeyVariable: null, parameters: {} }),
  )

  expect(llm).toEqual({ name: 'groq/llama3', connection: {}, parameters: {} })
})

test('a function of Python may give the name alone', async () => {
  expect((await loadWith('groq/llama3')).llm?.name).toBe('groq/llama3')
})

test('what only Python can tell of a model is told', async () => {
  const { llm } = await loadWith('groq/llama3', { model: MADE, temperature: 0 })

  expect(llm).toEqual({ name: 'groq/llama3', connection: {}, parameters: { temperature: 0 } })
})

test.each([
  [new Error('no module models'), 'cannot be loaded: no module models'],
  [pythonValue({ ...LLM, kind: 'custom_llm' }), 'is a model with a `call` of its own'],
  [4, 'is no model in Python; write the name of a model'],
])('%s is no model that can be asked', async (value, message) => {
  const { llm, problems } = await loadWith(value)

  expect(llm).toBeUndefined()
  expect(problems).toEqual([expect.stringContaining(message)])
})
