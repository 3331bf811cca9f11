/** The fields that CrewAI knows for one kind of section, in our spelling. Source: CrewAI 1.x, the fields of its classes. */
export interface Kind {
  readonly noun: string
  /** Fields that count here. */
  readonly supported: readonly string[]
  /** Fields that have no effect yet, with CrewAI's default: any other value is worth a warning. */
  readonly unsupported: Readonly<Record<string, unknown>>
  /** Fields that change nothing about the result of a run. */
  readonly silent: readonly string[]
  /** Fields that are maps of fields themselves. */
  readonly nested?: Readonly<Record<string, Kind>>
}

const LLM_PARAMETERS = ['temperature', 'topP', 'maxTokens', 'maxCompletionTokens', 'seed', 'stop']

const LLM_UNSUPPORTED = {
  provider: null,
  baseUrl: null,
  apiBase: null,
  apiKey: null,
  apiVersion: null,
  timeout: null,
  maxRetries: null,
  n: 1,
  presencePenalty: null,
  frequencyPenalty: null,
  logitBias: null,
  logprobs: null,
  topLogprobs: null,
  responseFormat: null,
  contextWindowSize: null,
  additionalParams: null,
}

const LLM: Kind = {
  noun: 'an llm',
  supported: ['model', ...LLM_PARAMETERS, 'reasoningEffort'],
  unsupported: LLM_UNSUPPORTED,
  silent: ['stream', 'verbose'],
}

export const AGENT: Kind = {
  noun: 'an agent',
  supported: ['role', 'goal', 'backstory', 'llm', 'tools', 'maxIter', 'allowDelegation'],
  unsupported: {
    a2a: null,
    agentExecutor: null,
    allowCodeExecution: false,
    apps: null,
    callbacks: [],
    checkpoint: null,
    codeExecutionMode: 'safe',
    config: null,
    dateFormat: '%Y-%m-%d',
    embedder: null,
    executorClass: null,
    fromRepository: null,
    functionCallingLlm: null,
    guardrail: null,
    guardrailMaxRetries: 3,
    i18n: null,
    injectDate: false,
    knowledgeConfig: null,
    knowledgeSources: null,
    knowledgeStorage: null,
    maxExecutionTime: null,
    maxReasoningAttempts: null,
    maxRetryLimit: 2,
    maxRpm: null,
    maxTokens: null,
    mcps: null,
    memory: null,
    multimodal: false,
    planning: false,
    planningConfig: null,
    promptTemplate: null,
    reasoning: false,
    respectContextWindow: true,
    responseTemplate: null,
    securityConfig: null,
    skills: null,
    stepCallback: null,
    systemTemplate: null,
    toolFailurePolicy: null,
    type: 'agent',
    useBetterCompaction: true,
    useSystemPrompt: true,
  },
  silent: ['cache', 'entityType', 'verbose'],
  nested: { llm: LLM },
}

export const TASK: Kind = {
  noun: 'a task',
  supported: [
    'name',
    'description',
    'expectedOutput',
    'agent',
    'context',
    'tools',
    'humanInput',
    'outputFile',
  ],
  unsupported: {
    allowCrewaiTriggerContext: null,
    asyncExecution: false,
    callback: null,
    callbacks: [],
    condition: null,
    config: null,
    converterCls: null,
    createDirectory: true,
    guardrail: null,
    guardrailMaxRetries: 3,
    guardrails: null,
    inputFiles: {},
    markdown: false,
    maxRetries: 3,
    // Counts for its placeholders, but no file is written.
    outputFile: null,
    outputJson: null,
    outputPydantic: null,
    promptContext: null,
    responseModel: null,
    securityConfig: null,
    toolFailurePolicy: null,
    type: 'task',
  },
  silent: [],
}

export const CREW: Kind = {
  noun: 'a crew',
  supported: [
    'description',
    'version',
    'process',
    'managerLlm',
    'managerAgent',
    'inputs',
    'inputAliases',
    // Our own.
    'modelRetryHorizonSeconds',
  ],
  unsupported: {
    afterKickoffCallbacks: [],
    beforeKickoffCallbacks: [],
    checkpoint: null,
    config: null,
    embedder: null,
    functionCallingLlm: null,
    knowledge: null,
    knowledgeSources: null,
    maxRpm: null,
    memory: false,
    outputLogFile: null,
    planning: false,
    planningLlm: null,
    promptFile: null,
    securityConfig: null,
    skills: null,
    stepCallback: null,
    taskCallback: null,
    toolFailurePolicy: null,
    trainedAgentsFile: null,
  },
  silent: ['cache', 'chatLlm', 'entityType', 'name', 'shareCrew', 'stream', 'tracing', 'verbose'],
  nested: { managerLlm: LLM },
}
