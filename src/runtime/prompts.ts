import type { Agent } from '../crew/agent.ts'
import type { Message, ToolCall } from '../llm/model.ts'
import { capText } from '../tools/cap-text.ts'

/**
 * Every text the runtime sends to a model, but for what is wrong with a call's arguments (`src/tools`).
 * Order and parts follow CrewAI's prompts, because crews are written for them; the words are our own.
 */

/** Of the arguments of a call, to a person. */
const MAX_SHOWN_CHARACTERS = 10_000

/** What an agent is asked to do. */
interface Wanted {
  readonly description: string
  readonly expectedOutput: string
  /** Outputs of other tasks, or what a coworker passed on; empty: none. */
  readonly context: string
}

/** The start of an agent's conversation. */
export function openingMessages(agent: Agent, wanted: Wanted): readonly Message[] {
  return [
    { role: 'system', content: systemPrompt(agent) },
    { role: 'user', content: taskPrompt(wanted) },
  ]
}

function systemPrompt({ role, backstory, goal }: Agent): string {
  return `You are ${role}. ${backstory}\nYour personal goal is: ${goal}`
}

function taskPrompt({ description, expectedOutput, context }: Wanted): string {
  const parts = [
    `Current Task: ${description}`,
    `The expected criteria for your final answer: ${expectedOutput}\nYour final answer is used as it stands: write out the complete content, not a summary of it or a note about it.`,
  ]
  if (context.trim()) parts.push(`The context you work with:\n${context}`)
  return parts.join('\n\n')
}

const CONTEXT_SEPARATOR = '\n\n----------\n\n'

export function joinContext(parts: readonly string[]): string {
  return parts.join(CONTEXT_SEPARATOR)
}

/** An output together with what the person who approved it had to say. */
export function withRemark(output: string, remark: string): string {
  return remark.trim() ? `${output}\n\nA person approved this, with the remark: ${remark}` : output
}

export function emptyReplyPrompt(): string {
  return 'Your reply was empty. Go on with the task, and end with your complete final answer.'
}

export function finalAnswerPrompt(): string {
  return 'You have no more steps left for this task, and no tools. Give your complete final answer now, as good as what you have found out allows.'
}

export function feedbackPrompt(feedback: string): string {
  const remark = feedback.trim() || 'It is not good enough yet.'
  return `A person reviewed your answer and did not approve it. Their feedback: ${remark}\n\nWork the feedback in and give the complete new answer, without comments on the feedback.`
}

export function unknownTool(name: string, known: readonly string[]): string {
  if (known.length === 0) return `There is no tool ${name}: you have no tools. Answer without.`
  return `There is no tool ${name}. Your tools are: ${known.join(', ')}.`
}

export function failsAgain(times: number): string {
  return `This call has failed ${times} times with the same arguments. Stop making it: try other arguments or another way, or answer without it.`
}

export function notCalled(times: number): string {
  return `Not called: it has failed ${times} times with these arguments and would again. Try other arguments or another way, or answer without it.`
}

/** @param reason as the end of a sentence */
export function outcomeUnknown(reason: string): string {
  return `Nobody knows whether this call did its work: ${reason}. Find out before you make it again.`
}

/** For the person who decides. */
export function outcomeQuestion({ name, arguments: args }: ToolCall, reason: string): string {
  return `Nobody knows whether this call did its work: ${reason}.\n\n${name} ${capText(args, MAX_SHOWN_CHARACTERS)}\n\nApprove to have it made again. Reject to have the agent told that it failed, with what you know of it.`
}

export function judgedFailed(feedback: string): string {
  const remark = feedback.trim()
  return `A person says that this call has failed${remark ? `: ${remark}` : '.'}`
}

export function alreadyAnswered(): string {
  return 'Not called: the result of another call is the answer to the task.'
}

/** Texts of the manager of a hierarchical crew that brings none. */
export const CREW_MANAGER = {
  role: 'Crew Manager',
  goal: 'Get every task done so well that it meets all of its expected criteria.',
  backstory:
    'You lead a crew of specialists. You know who is good at what, hand each piece of work to the right coworker with everything they need to know, judge what comes back, ask again when it falls short, and put the final answer together yourself.',
} as const

const KNOWS_NOTHING =
  'The coworker knows nothing of your task and your conversation, so pass on all they need: put facts, numbers and texts into the context instead of referring to them.'

export function delegateDescription(roles: readonly string[]): string {
  return `Hands a piece of work to one of these coworkers and returns their result: ${roles.join(', ')}. ${KNOWS_NOTHING}`
}

export function askDescription(roles: readonly string[]): string {
  return `Asks one of these coworkers a question and returns their answer: ${roles.join(', ')}. ${KNOWS_NOTHING}`
}

export const DELEGATION_PARAMETERS = {
  task: 'What the coworker shall do, in full',
  question: 'What you want to know, in full',
  context: 'Everything the coworker needs to know for it',
  coworker: 'Role of the coworker, as listed',
} as const

export const COWORKER_EXPECTED_OUTPUT =
  'Your best answer to the coworker who asks you for it, with the context they gave taken into account.'

export function coworkerNotFound(given: string, roles: readonly string[]): string {
  const options = roles.map((role) => `- ${role}`).join('\n')
  return `There is no coworker ${given}. It must be one of these:\n${options}`
}

export function coworkerFailed(role: string, reason: string): string {
  return `The coworker ${role} could not do it: ${reason}`
}
