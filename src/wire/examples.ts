import { newAgent } from '../crew/agent.ts'
import { contractOf } from '../crew/contract.ts'
import { type Crew, newCrew } from '../crew/crew.ts'
import { interpolate } from '../crew/inputs.ts'
import { summaryOf } from '../crew/output.ts'
import { newTask, type Task } from '../crew/task.ts'
import type { Usage } from '../llm/model.ts'
import { NO_PROGRESS } from '../runs/progress.ts'
import { NO_WEBHOOKS, newRun, type Run } from '../runs/run.ts'
import type { RunReport, ShownQuestion, ShownStep, VersionReport } from '../runs/runs.ts'
import { fromCrew, fromCrews } from './crews.ts'
import { EXAMPLE_RUN_ID } from './fields.ts'
import { fromInputs } from './inputs.ts'
import { fromKickoff } from './kickoff.ts'
import { fromResume } from './resume.ts'
import { fromRetry } from './retry.ts'
import { fromRun, fromRuns } from './runs.ts'
import { fromReport } from './status.ts'
import { fromStop } from './stop.ts'
import { fromVersions } from './versions.ts'
import { fromMessage } from './webhook.ts'

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

const TASK: Task = newTask({
  name: WHERE.task,
  description: 'Find out what is new about {topic}, and why it matters to {audience}.',
  expectedOutput: 'Ten bullet points with sources.',
  agent: 'researcher',
})

const RUN: Run = {
  ...newRun(
    {
      crew: 'research',
      version: '0f4c2b9d7a6e5183c0d1e2f3a4b5c6d7',
      codeHash: '',
      inputs: { topic: 'battery recycling', audience: 'city councils' },
      meta: { requestId: 'user-request-12345' },
      webhooks: NO_WEBHOOKS,
      simulated: false,
    },
    START,
  ),
  id: EXAMPLE_RUN_ID,
  status: 'completed',
  progress: { ...NO_PROGRESS, completed: 1, usage: USAGE },
  startedAt: START,
  updatedAt: END,
  endedAt: END,
}

const FINISHED = {
  name: WHERE.task,
  agent: WHERE.agent,
  description: interpolate(TASK.description, RUN.shownInputs),
  expectedOutput: TASK.expectedOutput,
  output: '- Recyclers now win back nearly all of the lithium. …',
  executionTimeMs: 45_200,
}

const STEP: ShownStep = {
  ...WHERE,
  type: 'tool',
  thought: 'I look for recent figures.',
  tool: 'search_the_web',
  toolInput: '{"query":"battery recycling 2026"}',
  result: '1. …',
  at: START,
}

const QUESTION: ShownQuestion = {
  ...WHERE,
  kind: 'review',
  requestId: REQUEST_ID,
  description: FINISHED.description,
  output: FINISHED.output,
  digest: '5b1f0c7e9a3d42688c1e7f2a6b9d0e43',
  askedAt: START,
}

const REPORT: RunReport = {
  run: RUN,
  totalTasks: 1,
  current: null,
  tasks: [FINISHED],
  lastTask: FINISHED,
  lastStep: STEP,
  question: null,
  output: FINISHED.output,
}

const CREW: Crew = newCrew({
  name: RUN.crew,
  description: 'Finds out what is new about a topic and writes it down.',
  agents: [
    newAgent({
      key: 'researcher',
      role: WHERE.agent,
      goal: 'Find out what is new about {topic}.',
      backstory: 'You have followed the field for years.',
    }),
  ],
  tasks: [TASK],
  inputDeclarations: {
    topic: {
      schema: { type: 'string', description: 'What the report is about.', minLength: 3 },
      sensitive: false,
    },
  },
})

const VERSION: VersionReport = {
  version: RUN.version,
  label: '2.1',
  codeHash: '',
  firstServedAt: START,
  isServed: true,
  obstacle: null,
  contract: contractOf(CREW),
  previous: 'c0d1e2f3a4b5c6d70f4c2b9d7a6e5183',
  changes: [
    { part: 'task', name: TASK.name, change: 'changed', fields: ['description'] },
    { part: 'input', name: 'audience', change: 'added', fields: [] },
  ],
  breaks: ['the input audience must be given now'],
}

const STATUS_OPTIONS = { resultFormat: 'object', now: END } as const

/** Bodies as the OpenAPI document shows them, by the name of their schema: made by the same mappers as the real ones. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  KickoffRequest: {
    inputs: RUN.shownInputs,
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
  RetryResponse: fromRetry({ ...RUN, status: 'queued' }),
  InputsResponse: fromInputs(CREW),
  CrewList: fromCrews([CREW], CREW.name),
  Crew: fromCrew(CREW, CREW.name),
  VersionList: fromVersions({ versions: [VERSION], nextCursor: null }),
  RunList: fromRuns({ runs: [RUN], nextCursor: null }),
  Run: fromRun(REPORT, RUN.shownInputs, STATUS_OPTIONS),
  TaskWebhook: fromMessage(
    {
      kind: 'task',
      run: RUN,
      at: END,
      task: FINISHED,
      summary: summaryOf(FINISHED.description),
    },
    1,
  ),
  StepWebhook: fromMessage({ kind: 'step', run: RUN, step: STEP }, 1),
  CrewWebhook: fromMessage({ kind: 'crew', at: END, report: REPORT }, 1),
  HumanInputWebhook: fromMessage({ kind: 'human_input', run: RUN, question: QUESTION }, 1),
}
