import type { Agent } from '../../src/crew/agent.ts'
import type { Crew } from '../../src/crew/crew.ts'
import type { TaskOutput } from '../../src/crew/output.ts'
import type { Task } from '../../src/crew/task.ts'
import { NO_USAGE } from '../../src/llm/model.ts'
import { NO_PROGRESS, type Progress } from '../../src/runs/progress.ts'
import { NO_WEBHOOKS, type Run } from '../../src/runs/run.ts'
import type { RunReport } from '../../src/runs/runs.ts'

export const START = Date.UTC(2026, 0, 2, 3, 4, 5)

export function makeAgent(overrides: Partial<Agent> = {}): Agent {
  return {
    key: 'researcher',
    role: 'Researcher',
    goal: 'Find out about {topic}.',
    backstory: 'Curious.',
    llm: null,
    llmParameters: {},
    tools: [],
    maxIter: 25,
    allowDelegation: false,
    ...overrides,
  }
}

export function makeTask(overrides: Partial<Task> = {}): Task {
  return {
    name: 'research_task',
    description: 'Research {topic} for {audience}.',
    expectedOutput: 'A list.',
    agent: 'researcher',
    context: null,
    tools: [],
    humanInput: false,
    outputFile: null,
    ...overrides,
  }
}

export function makeCrew(overrides: Partial<Crew> = {}): Crew {
  return {
    name: 'research',
    description: null,
    agents: [makeAgent()],
    tasks: [makeTask()],
    process: 'sequential',
    managerLlm: null,
    managerAgent: null,
    inputs: {},
    ...overrides,
  }
}

export function makeOutput(overrides: Partial<TaskOutput> = {}): TaskOutput {
  return {
    name: 'research_task',
    description: 'Research bees for children.',
    expectedOutput: 'A list.',
    summary: 'Research bees for children....',
    raw: 'Bees dance.',
    agent: 'Researcher',
    executionTimeMs: 1500,
    usage: NO_USAGE,
    ...overrides,
  }
}

export function makeRun(overrides: Partial<Run> = {}): Run {
  return {
    id: '11111111-2222-4333-8444-555555555555',
    crew: 'research',
    status: 'running',
    inputs: { topic: 'bees' },
    meta: { ticket: 7 },
    webhooks: NO_WEBHOOKS,
    epoch: 1,
    lastSeq: 3,
    crashes: 0,
    simulated: false,
    output: null,
    error: null,
    createdAt: START,
    startedAt: START + 1000,
    updatedAt: START + 2000,
    endedAt: null,
    ...overrides,
  }
}

export function makeReport(run: Partial<Run> = {}, progress: Partial<Progress> = {}): RunReport {
  return {
    run: makeRun(run),
    progress: { ...NO_PROGRESS, taskNames: ['research_task', 'write_task'], ...progress },
  }
}
