import { isCrewai } from '../interpret/calls/crewai-names.ts'
import { fullName } from '../interpret/values/make.ts'
import type { External, Made, Value } from '../interpret/values/value.ts'

/** How a class of langchain's becomes a model of ours: whose it is, and which argument gives its name. */
const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/^AzureChatOpenAI$|^AzureOpenAI$/, 'azure'],
  [/OpenAI$/, 'openai'],
  [/Ollama/, 'ollama'],
  [/Groq/, 'groq'],
  [/Anthropic/, 'anthropic'],
  [/Google|Gemini/, 'gemini'],
  [/VertexAI/, 'vertex_ai'],
  [/NVIDIA/, 'nvidia_nim'],
  [/Bedrock/, 'bedrock'],
  [/Mistral/, 'mistral'],
  [/Cohere/, 'cohere'],
  [/DeepSeek/, 'deepseek'],
  [/OpenRouter/, 'openrouter'],
  [/XAI|Grok/, 'xai'],
  [/HuggingFace/, 'huggingface'],
  [/Fireworks/, 'fireworks_ai'],
  [/Together/, 'together_ai'],
  [/Perplexity/, 'perplexity'],
  [/LiteLLM/, ''],
]

const MODEL_ARGUMENTS = [
  'model',
  'model_name',
  'model_id',
  'azure_deployment',
  'deployment_name',
  'repo_id',
]

/** CrewAI's name for an argument of langchain's. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['openai_api_base', 'base_url'],
  ['api_base', 'base_url'],
  ['azure_endpoint', 'base_url'],
  ['openai_api_version', 'api_version'],
  ['request_timeout', 'timeout'],
  ['num_predict', 'max_tokens'],
  ['max_output_tokens', 'max_tokens'],
])

export interface LlmArgument {
  readonly name: string
  readonly value: Value
}

/** An LLM object as the fields of an `llm`; null: it is none. The name of the model may need a provider before it. */
export function llmArguments(
  made: Made,
): { readonly provider: string | null; readonly fields: readonly LlmArgument[] } | null {
  const { callee, args, keywords } = made
  const provider = providerOf(callee)
  if (provider === undefined) return null
  const model = MODEL_ARGUMENTS.map((name) => keywords.get(name)?.value).find(
    (value) => value !== undefined,
  )
  const [first = model] = args
  const rest = [...keywords].filter(([name]) => !MODEL_ARGUMENTS.includes(name))
  return {
    provider,
    fields: [
      ...(first === undefined ? [] : [{ name: 'model', value: first }]),
      ...rest.map(([name, { value }]) => ({ name: canonical(name), value })),
    ],
  }
}

/** Null: CrewAI's own, whose names have it in front. Undefined: no model at all. */
function providerOf(callee: External): string | null | undefined {
  if (isCrewai(callee, 'LLM')) return null
  const name = callee.path.at(-1) ?? ''
  if (!/^langchain/.test(fullName(callee))) return undefined
  return PROVIDERS.find(([pattern]) => pattern.test(name))?.[1]
}

function canonical(name: string): string {
  if (/_api_key$/.test(name)) return 'api_key'
  return ALIASES.get(name) ?? name
}
