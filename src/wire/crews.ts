import { z } from 'zod'
import type { Agent } from '../crew/agent.ts'
import type { Crew } from '../crew/crew.ts'
import type { Task } from '../crew/task.ts'
import { fromInputs, InputsResponse } from './inputs.ts'

const CrewSummary = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    path: z.string().describe('Its base URL on this server.'),
    is_default: z.boolean().describe('It also answers at the root.'),
    process: z.enum(['sequential', 'hierarchical']),
    inputs: z.array(z.string()).describe('Names a kickoff must give a value for.'),
  })
  .meta({ id: 'CrewSummary', description: 'A crew in short.' })

const AgentBody = z
  .object({
    name: z.string().describe("Its name in the crew's files."),
    role: z.string(),
    goal: z.string(),
    backstory: z.string(),
    llm: z.string().nullable().describe("Null: the server's default model."),
    tools: z.array(z.string()),
    max_iter: z.number(),
    allow_delegation: z.boolean(),
  })
  .meta({ id: 'Agent', description: 'An agent. Role, goal and backstory may hold {placeholders}.' })

const TaskBody = z
  .object({
    name: z.string().describe('The `task_id` of statuses and webhooks.'),
    description: z.string(),
    expected_output: z.string(),
    agent: z.string().nullable().describe('Name of its agent. Null: the manager picks.'),
    context: z.array(z.string()).nullable().describe('Null: the outputs of all earlier tasks.'),
    tools: z.array(z.string()),
    human_input: z.boolean().describe('A person reviews its answer.'),
    output_file: z.string().nullable(),
  })
  .meta({ id: 'Task', description: 'A task. Its texts may hold {placeholders}.' })

export const CrewDetail = CrewSummary.extend({
  schema: InputsResponse.shape.schema,
  agents: z.array(AgentBody),
  tasks: z.array(TaskBody).describe('In the order they run.'),
  manager_llm: z.string().nullable(),
  manager_agent: AgentBody.nullable(),
  model_retry_horizon_seconds: z
    .number()
    .nullable()
    .describe(
      "For so long a model call that fails is tried again. Null: as the server's setting says.",
    ),
}).meta({ id: 'Crew', description: 'A crew with its agents and tasks.' })

export const CrewList = z.object({ crews: z.array(CrewSummary) }).meta({
  id: 'CrewList',
  description: 'The crews of this server.',
})

export function fromCrews(
  crews: readonly Crew[],
  defaultName: string | null,
): z.output<typeof CrewList> {
  return { crews: crews.map((crew) => fromSummary(crew, defaultName)) }
}

export function fromCrew(crew: Crew, defaultName: string | null): z.output<typeof CrewDetail> {
  return {
    ...fromSummary(crew, defaultName),
    ...fromInputs(crew),
    agents: crew.agents.map(fromAgent),
    tasks: crew.tasks.map(fromTask),
    manager_llm: crew.managerLlm.name,
    manager_agent: crew.managerAgent === null ? null : fromAgent(crew.managerAgent),
    model_retry_horizon_seconds: crew.retryHorizonMs === null ? null : crew.retryHorizonMs / 1000,
  }
}

function fromSummary(crew: Crew, defaultName: string | null): z.output<typeof CrewSummary> {
  return {
    name: crew.name,
    description: crew.description,
    path: `/crews/${encodeURIComponent(crew.name)}`,
    is_default: crew.name === defaultName,
    process: crew.process,
    inputs: fromInputs(crew).inputs,
  }
}

function fromAgent(agent: Agent): z.output<typeof AgentBody> {
  return {
    name: agent.key,
    role: agent.role,
    goal: agent.goal,
    backstory: agent.backstory,
    llm: agent.llm.name,
    tools: agent.tools.map((tool) => tool.name),
    max_iter: agent.maxIter,
    allow_delegation: agent.allowDelegation,
  }
}

function fromTask(task: Task): z.output<typeof TaskBody> {
  return {
    name: task.name,
    description: task.description,
    expected_output: task.expectedOutput,
    agent: task.agent,
    context: task.context === null ? null : [...task.context],
    tools: task.tools.map((tool) => tool.name),
    human_input: task.humanInput,
    output_file: task.outputFile,
  }
}
