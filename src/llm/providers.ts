/** Where a provider's OpenAI-compatible endpoint is, and which variables of the environment belong to it. */
export interface Provider {
  /** What may stand before the slash of `provider/model`; the first one is used in messages and events. */
  readonly names: readonly [string, ...string[]]
  /** Up to the part before `/chat/completions`. */
  readonly baseUrl: string
  /** The first one that is set replaces `baseUrl`. The first is named in messages. */
  readonly baseUrlVariables: readonly string[]
  /** True: `baseUrl` is only an example, and one of the variables must be set. */
  readonly needsBaseUrl?: boolean
  /** What a base URL without a path gets; providers without it are taken at their word. */
  readonly path?: string
  /** The first one that is set is the key. The first is named in messages. */
  readonly keyVariables: readonly [string, ...string[]]
  /** True: it runs on one's own machine, where a key is the exception. */
  readonly isLocal?: boolean
}

// developers.openai.com/api/docs; with a base URL of another server, which may want no key, the default endpoint
const OPENAI: Provider = {
  names: ['openai'],
  baseUrl: 'https://api.openai.com/v1',
  baseUrlVariables: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'],
  keyVariables: ['OPENAI_API_KEY'],
}

/**
 * The names and variables are CrewAI's (docs.crewai.com/en/concepts/llms, and its `openai_compatible` provider) and,
 * where CrewAI passes a provider on to LiteLLM, that one's (docs.litellm.ai/docs/providers). The page that documents
 * the endpoint stands above each.
 */
export const PROVIDERS: readonly Provider[] = [
  OPENAI,
  // platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk
  {
    names: ['anthropic', 'claude'],
    baseUrl: 'https://api.anthropic.com/v1',
    baseUrlVariables: [],
    keyVariables: ['ANTHROPIC_API_KEY'],
  },
  // ai.google.dev/gemini-api/docs/openai
  {
    names: ['gemini', 'google'],
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    baseUrlVariables: [],
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  },
  // learn.microsoft.com/azure/foundry/openai/api-version-lifecycle: the v1 API; the model is the deployment's name
  {
    names: ['azure', 'azure_openai'],
    baseUrl: 'https://my-resource.openai.azure.com/openai/v1',
    baseUrlVariables: ['AZURE_ENDPOINT', 'AZURE_OPENAI_ENDPOINT', 'AZURE_API_BASE'],
    needsBaseUrl: true,
    path: '/openai/v1',
    keyVariables: ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'],
  },
  // openrouter.ai/docs/quickstart
  {
    names: ['openrouter'],
    baseUrl: 'https://openrouter.ai/api/v1',
    baseUrlVariables: ['OPENROUTER_BASE_URL'],
    keyVariables: ['OPENROUTER_API_KEY'],
  },
  // console.groq.com/docs/openai
  {
    names: ['groq'],
    baseUrl: 'https://api.groq.com/openai/v1',
    baseUrlVariables: [],
    keyVariables: ['GROQ_API_KEY'],
  },
  // api-docs.deepseek.com
  {
    names: ['deepseek'],
    baseUrl: 'https://api.deepseek.com/v1',
    baseUrlVariables: ['DEEPSEEK_BASE_URL'],
    keyVariables: ['DEEPSEEK_API_KEY'],
  },
  // docs.mistral.ai/api
  {
    names: ['mistral'],
    baseUrl: 'https://api.mistral.ai/v1',
    baseUrlVariables: [],
    keyVariables: ['MISTRAL_API_KEY'],
  },
  // docs.together.ai/docs/inference/openai-compatibility
  {
    names: ['together', 'together_ai'],
    baseUrl: 'https://api.together.ai/v1',
    baseUrlVariables: [],
    keyVariables: ['TOGETHER_API_KEY', 'TOGETHERAI_API_KEY'],
  },
  // docs.x.ai/docs/api-reference
  {
    names: ['xai'],
    baseUrl: 'https://api.x.ai/v1',
    baseUrlVariables: [],
    keyVariables: ['XAI_API_KEY'],
  },
  // docs.fireworks.ai/tools-sdks/openai-compatibility
  {
    names: ['fireworks', 'fireworks_ai'],
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    baseUrlVariables: [],
    keyVariables: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'],
  },
  // docs.perplexity.ai; its chat completions have no /v1, and its models take no tools
  {
    names: ['perplexity'],
    baseUrl: 'https://api.perplexity.ai',
    baseUrlVariables: [],
    keyVariables: ['PERPLEXITY_API_KEY', 'PERPLEXITYAI_API_KEY'],
  },
  // inference-docs.cerebras.ai
  {
    names: ['cerebras'],
    baseUrl: 'https://api.cerebras.ai/v1',
    baseUrlVariables: ['CEREBRAS_BASE_URL'],
    keyVariables: ['CEREBRAS_API_KEY'],
  },
  // docs.litellm.ai/docs/providers/nvidia_nim; CrewAI's name of the key comes first
  {
    names: ['nvidia', 'nvidia_nim'],
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    baseUrlVariables: ['NVIDIA_NIM_API_BASE'],
    keyVariables: ['NVIDIA_API_KEY', 'NVIDIA_NIM_API_KEY'],
  },
  // deepinfra.com/docs/openai_api
  {
    names: ['deepinfra'],
    baseUrl: 'https://api.deepinfra.com/v1/openai',
    baseUrlVariables: ['DEEPINFRA_BASE_URL'],
    keyVariables: ['DEEPINFRA_API_KEY'],
  },
  // alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope
  {
    names: ['dashscope'],
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    baseUrlVariables: ['DASHSCOPE_BASE_URL'],
    keyVariables: ['DASHSCOPE_API_KEY'],
  },
  // docs.ollama.com/api/openai-compatibility; OLLAMA_HOST has neither path nor, often, scheme
  {
    names: ['ollama', 'ollama_chat'],
    baseUrl: 'http://localhost:11434/v1',
    baseUrlVariables: ['OLLAMA_BASE_URL', 'OLLAMA_API_BASE', 'OLLAMA_HOST'],
    path: '/v1',
    keyVariables: ['OLLAMA_API_KEY'],
    isLocal: true,
  },
  // docs.vllm.ai/en/latest/serving/openai_compatible_server
  {
    names: ['hosted_vllm', 'vllm'],
    baseUrl: 'http://localhost:8000/v1',
    baseUrlVariables: ['VLLM_BASE_URL', 'HOSTED_VLLM_API_BASE'],
    path: '/v1',
    keyVariables: ['VLLM_API_KEY', 'HOSTED_VLLM_API_KEY'],
    isLocal: true,
  },
  // lmstudio.ai/docs/developer/openai-compat
  {
    names: ['lm_studio'],
    baseUrl: 'http://localhost:1234/v1',
    baseUrlVariables: ['LM_STUDIO_API_BASE'],
    path: '/v1',
    keyVariables: ['LM_STUDIO_API_KEY'],
    isLocal: true,
  },
]

/** The variables that {@link PROVIDERS} name. */
export const PROVIDER_VARIABLES: readonly string[] = PROVIDERS.flatMap(
  ({ keyVariables, baseUrlVariables }) => [...keyVariables, ...baseUrlVariables],
)

export interface ModelName {
  readonly provider: Provider
  /** What the provider calls the model. */
  readonly model: string
}

/**
 * Takes `provider/model` apart. Anything else is, slashes and all, the name of a model of the default endpoint
 * (OpenAI's or `OPENAI_BASE_URL`): `gpt-4o-mini`, `meta-llama/Llama-3-8b`. A model there whose name begins like a
 * provider is written with `openai/` before it: `openai/google/gemma-3-27b-it`.
 */
export function parseModelName(name: string): ModelName {
  const slash = name.indexOf('/')
  const provider = PROVIDERS.find(({ names }) => names.includes(name.slice(0, Math.max(slash, 0))))
  return provider ? { provider, model: name.slice(slash + 1) } : { provider: OPENAI, model: name }
}
