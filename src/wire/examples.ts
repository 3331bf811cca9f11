import type { Agent } from '../crew/agent.ts'
import type { Crew } from '../crew/crew.ts'
import type { TaskOutput } from '../crew/output.ts'
import type { Task } from '../crew/task.ts'
import type { Usage } from '../llm/model.ts'
import type { RunEvent, RunFact } from '../runs/event.ts'
import type { LastStep } from '../runs/progress.ts'
import { NO_WEBHOOKS, type Run, type Webhooks } from '../runs/run.ts'
import type { RunReport } from '../runs/runs.ts'
import { fromCrew, fromCrews } from './crews.ts'
import { EXAMPLE_RUN_ID } from './fields.ts'
import { fromInputs } from './inputs.ts'
import { fromKickoff } from './kickoff.ts'
import { fromResume } from './resume.ts'
import { fromRun, fromRuns } from './runs.ts'
import { fromReport } from './status.ts'
import { fromStop } from './stop.ts'
import { renderWebhooks } from './webhook.ts'

const REQUEST_ID = '9d1c7a52-0f3e-4b68-8a2d-5e6f7c8b9a01'
const START = Date.UTC(2026, 2, 1, 9, 30)
const DURATION_MS = 108_512
const END = START + DURATION_MS

const USAGE: Usage = {
  totalTokens: 1250,
  promptTokens: 800,
  cachedPromptTokens: 0,
  completionTokens: 450,
  reasoningTokens: 0,
  successfulRequests: 4,
}

const WHERE = { task: 'research_task', agent: 'Senior Researcher' }

const OUTPUT: TaskOutput = {
  name: WHERE.task,
  description: 'Find out what is new about battery recycling, and why it matters to councils.',
  expectedOutput: 'Ten bullet points with sources.',
  summary: 'Find out what is new about battery recycling, and why...',
  raw: '- Recyclers now win back nearly all of the lithium. …',
  agent: WHERE.agent,
  executionTimeMs: 45_200,
  usage: USAGE,
}

const STEP: LastStep = {
  ...WHERE,
  type: 'tool',
  thought: 'I look for recent figures.',
  tool: 'search_the_web',
  toolInput: '{"query":"battery recycling 2026"}',
  result: '1. …',
  at: START,
}

const RUN: Run = {
  id: EXAMPLE_RUN_ID,
  crew: 'research',
  status: 'completed',
  inputs: { topic: 'battery recycling', audience: 'city councils' },
  meta: { requestId: 'user-request-12345' },
  webhooks: NO_WEBHOOKS,
  epoch: 1,
  lastSeq: 12,
  crashes: 0,
  simulated: false,
  output: OUTPUT.raw,
  error: null,
  createdAt: START,
  startedAt: START,
  updatedAt: END,
  endedAt: END,
}

const REPORT: RunReport = {
  run: RUN,
  progress: {
    taskNames: [WHERE.task],
    tasks: [OUTPUT],
    current: null,
    waiting: null,
    answered: [],
    lastStep: STEP,
    usage: USAGE,
    simulated: false,
    waitedMs: 0,
  },
}

const AGENT: Agent = {
  key: 'researcher',
  role: WHERE.agent,
  goal: 'Find out what is new about {topic}.',
  backstory: 'You have followed the field for years.',
  llm: null,
  llmParameters: {},
  tools: [],
  maxIter: 25,
  allowDelegation: false,
}

const TASK: Task = {
  name: WHERE.task,
  description: 'Find out what is new about {topic}, and why it matters to {audience}.',
  expectedOutput: OUTPUT.expectedOutput,
  agent: AGENT.key,
  context: null,
  tools: [],
  humanInput: false,
  outputFile: null,
}

const CREW: Crew = {
  name: RUN.crew,
  description: 'Finds out what is new about a topic and writes it down.',
  agents: [AGENT],
  tasks: [TASK],
  process: 'sequential',
  managerLlm: null,
  managerAgent: null,
  inputs: {},
}

const STATUS_OPTIONS = { resultFormat: 'object', now: END } as const

/** Bodies as the OpenAPI document shows them, by the name of their schema: made by the same mappers as the real ones. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  KickoffRequest: {
    inputs: RUN.inputs,
    meta: RUN.meta,
    taskWebhookUrl: 'https://api.example.com/webhooks/task',
    crewWebhookUrl: 'https://api.example.com/webhooks/crew',
    humanInputWebhook: {
      url: 'https://api.example.com/webhooks/review',
      authentication: { strategy: 'bearer', token: 'your-webhook-secret-token' },
    },
  },
  KickoffResponse: fromKickoff(RUN),
  ExecutionStatus: fromReport(REPORT, STATUS_OPTIONS),
  ResumeRequest: {
    execution_id: EXAMPLE_RUN_ID,
    task_id: REQUEST_ID,
    human_feedback: 'Name the source of the second figure.',
    is_approve: false,
  },
  ResumeResponse: fromResume(RUN, false),
  StopResponse: fromStop(RUN),
  InputsResponse: fromInputs(CREW),
  CrewList: fromCrews([CREW], CREW.name),
  Crew: fromCrew(CREW, CREW.name),
  RunList: fromRuns({ runs: [RUN], nextCursor: null }),
  Run: fromRun(REPORT, STATUS_OPTIONS),
  TaskWebhook: exampleMessage('task', {
    type: 'task_completed',
    data: { ...WHERE, output: OUTPUT },
  }),
  StepWebhook: exampleMessage('step', {
    type: 'tool_usage_finished',
    data: {
      ...WHERE,
      tool: 'search_the_web',
      arguments: '{"query":"battery recycling 2026"}',
      output: '1. …',
      thought: STEP.thought,
      durationMs: 820,
    },
  }),
  CrewWebhook: exampleMessage('crew', {
    type: 'crew_kickoff_completed',
    data: {
      output: OUTPUT.raw,
      tasks: [OUTPUT],
      usage: USAGE,
      simulated: false,
      executionTimeMs: DURATION_MS,
    },
  }),
  HumanInputWebhook: exampleMessage('humanInput', {
    type: 'human_feedback_requested',
    data: { ...WHERE, requestId: REQUEST_ID, key: 'research_task/1/human', output: OUTPUT.raw },
  }),
}

function exampleMessage(kind: keyof Webhooks, fact: RunFact): unknown {
  const webhook = { url: 'https://api.example.com/webhooks', authentication: null }
  const run: Run = { ...RUN, webhooks: { ...NO_WEBHOOKS, [kind]: webhook } }
  const event: RunEvent = { ...fact, seq: 1, at: END }
  return renderWebhooks(run, event).map(({ body }): unknown => JSON.parse(body))[0]
}
