import { OWN_SERVERS } from './own-servers.ts'
import type { Provider } from './provider.ts'

// developers.openai.com/api/docs; with a base URL of another server, which may want no key, the default endpoint
export const OPENAI: Provider = {
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
    // As CrewAI wants it, with the deployment; and of Foundry's older API.
    otherPaths: /^\/(models|openai|openai\/deployments\/.*)$/,
    versionParameter: 'api-version',
    keyVariables: ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'],
  },
  // docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html; what it serves: models-api-compatibility.html
  {
    names: ['bedrock', 'aws'],
    baseUrl: 'https://bedrock-runtime.{region}.amazonaws.com/openai/v1',
    baseUrlVariables: ['AWS_ENDPOINT_URL_BEDROCK_RUNTIME'],
    part: {
      name: 'region',
      variables: ['AWS_DEFAULT_REGION', 'AWS_REGION_NAME', 'AWS_REGION'],
      byDefault: 'us-east-1',
    },
    path: '/openai/v1',
    keyVariables: ['AWS_BEARER_TOKEN_BEDROCK'],
    unserved: {
      names: /^([a-z-]+\.)?(ai21|amazon|anthropic|cohere|meta)\./,
      why: 'Bedrock serves it only over APIs of its own',
    },
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
  // docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api
  {
    names: ['snowflake'],
    baseUrl: 'https://{account}.snowflakecomputing.com/api/v2/cortex/v1',
    baseUrlVariables: ['SNOWFLAKE_ACCOUNT_URL'],
    part: {
      name: 'account',
      variables: ['SNOWFLAKE_ACCOUNT', 'SNOWFLAKE_ACCOUNT_ID', 'SNOWFLAKE_ACCOUNT_IDENTIFIER'],
    },
    path: '/api/v2/cortex/v1',
    appendsPath: true,
    keyVariables: ['SNOWFLAKE_PAT', 'SNOWFLAKE_TOKEN', 'SNOWFLAKE_JWT'],
    keyIsForMore: true,
  },
  // docs.cohere.com/docs/compatibility-api
  {
    names: ['cohere', 'cohere_chat'],
    baseUrl: 'https://api.cohere.ai/compatibility/v1',
    baseUrlVariables: [],
    keyVariables: ['COHERE_API_KEY'],
  },
  // docs.sambanova.ai/docs/en/features/openai-compatibility
  {
    names: ['sambanova'],
    baseUrl: 'https://api.sambanova.ai/v1',
    baseUrlVariables: [],
    keyVariables: ['SAMBANOVA_API_KEY'],
  },
  // huggingface.co/changelog/inference-providers-openai-compatible
  {
    names: ['huggingface'],
    baseUrl: 'https://router.huggingface.co/v1',
    baseUrlVariables: [],
    keyVariables: ['HF_TOKEN'],
    keyIsForMore: true,
  },
  ...OWN_SERVERS,
]
