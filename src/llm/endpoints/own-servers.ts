import type { Provider } from './provider.ts'

/** Servers that one runs oneself, beside the model or in front of other providers. As {@link PROVIDERS}. */
export const OWN_SERVERS: readonly Provider[] = [
  // docs.litellm.ai/docs/providers/litellm_proxy: a gateway of one's own
  {
    names: ['litellm_proxy'],
    baseUrl: 'http://localhost:4000',
    baseUrlVariables: ['LITELLM_PROXY_API_BASE'],
    needsBaseUrl: true,
    keyVariables: ['LITELLM_PROXY_API_KEY'],
    isLocal: true,
  },
  // docs.ollama.com/api/openai-compatibility; OLLAMA_HOST has neither path nor, often, scheme
  {
    names: ['ollama', 'ollama_chat'],
    baseUrl: 'http://localhost:11434/v1',
    baseUrlVariables: ['OLLAMA_BASE_URL', 'OLLAMA_API_BASE', 'OLLAMA_HOST'],
    path: '/v1',
    appendsPath: true,
    port: '11434',
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
