import { type Agent, newAgent } from '../../src/crew/agent.ts'
import { type Crew, newCrew } from '../../src/crew/crew.ts'
import { newTask, type Task } from '../../src/crew/task.ts'
import { NO_PROGRESS, type Progress } from '../../src/runs/progress.ts'
import type { Run } from '../../src/runs/run.ts'
import type { FinishedTask, RunReport } from '../../src/runs/runs.ts'
import { queuedRun } from './run.ts'

export const START = Date.UTC(2026, 0, 2, 3, 4, 5)

export function makeAgent(overrides: Partial<Agent> = {}): Agent {
  return newAgent({
    key: 'researcher',
    role: 'Researcher',
    goal: 'Find out about {topic}.',
    backstory: 'Curious.',
    ...overrides,
  })
}

export function makeTask(overrides: Partial<Task> = {}): Task {
  return newTask({
    name: 'research_task',
    description: 'Research {topic} for {audience}.',
    expectedOutput: 'A list.',
    agent: 'researcher',
    ...overrides,
  })
}

export function makeCrew(overrides: Partial<Crew> = {}): Crew {
  return newCrew({ name: 'research', agents: [makeAgent()], tasks: [makeTask()], ...overrides })
}

export function makeFinished(overrides: Partial<FinishedTask> = {}): FinishedTask {
  return {
    name: 'research_task',
    agent: 'Researcher',
    output: 'Bees dance.',
    executionTimeMs: 1500,
    ...overrides,
  }
}

export function makeRun(overrides: Partial<Run> = {}): Run {
  return {
    ...queuedRun({ inputs: { topic: 'bees' }, meta: { ticket: 7 } }),
    id: '11111111-2222-4333-8444-555555555555',
    status: 'running',
    epoch: 1,
    lastSeq: 3,
    createdAt: START,
    startedAt: START + 1000,
    updatedAt: START + 2000,
    ...overrides,
  }
}

export interface ReportParts extends Partial<Omit<RunReport, 'run'>> {
  readonly progress?: Partial<Progress>
}

export function makeReport(
  run: Partial<Run> = {},
  { progress, ...parts }: ReportParts = {},
): RunReport {
  const tasks = parts.tasks ?? []
  const completed = tasks.length
  const last = tasks.at(-1)
  const texts = { description: 'Research bees for children.', expectedOutput: 'A list.' }
  return {
    run: makeRun({ progress: { ...NO_PROGRESS, completed, ...progress }, ...run }),
    totalTasks: 2,
    current: null,
    tasks,
    lastTask: last ? { ...last, ...texts } : null,
    lastStep: null,
    question: null,
    output: null,
    ...parts,
  }
}
