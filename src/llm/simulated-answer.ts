import { createHash } from 'node:crypto'
import type { Message } from './model.ts'

/** Said once in every answer. */
const NOTICE = '[Simulated answer: no model is configured.]'

/** What a conversation is about, as far as it can be read from its texts. */
export interface Subject {
  /** First sentence of the task. */
  readonly title: string
  /** The sentences after it. */
  readonly demands: readonly string[]
  readonly expected: string
  /** Who is asked. */
  readonly role: string
  readonly hasContext: boolean
}

const MAX_TITLE = 200
const MAX_DEMANDS = 4

/** Reads the prompts of the runtime; of others, takes the first user message for the task. */
export function subjectOf(messages: readonly Message[]): Subject {
  const system = messages.find((message) => message.role === 'system')?.content ?? ''
  const users = messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))
  const prompt = users.find((text) => text.includes(TASK_MARK)) ?? users[0] ?? system
  const [task = '', ...rest] = prompt.replace(TASK_MARK, '').trim().split('\n\n')
  const [title = '', ...demands] = task.split(/(?<=[.!?])\s+|\n+/).filter((part) => part.trim())
  return {
    title: shorten(title.replace(/[.:]$/, ''), MAX_TITLE),
    demands: demands.slice(0, MAX_DEMANDS).map((text) => shorten(text, MAX_TITLE)),
    expected: shorten(/criteria[^:]*:\s*([^\n]+)/.exec(rest.join('\n'))?.[1] ?? '', MAX_TITLE),
    role: /^You are ([^.\n]+)/.exec(system)?.[1]?.trim() ?? 'the assistant',
    hasContext: rest.some((part) => /^[^\n]*context[^\n]*:\n/i.test(part)),
  }
}

const TASK_MARK = 'Current Task: '

const FINDINGS = [
  'three sources agree here, and the differences between them are small',
  'the simplest option already covers most of it; the others cost more than they bring',
  'this has changed a good deal in the last two years and will go on changing',
  'what matters most is to begin small, measure, and widen it afterwards',
  'the main risk is known, and there is a proven way round it',
  'opinions are divided; the more careful reading is followed',
  'there is a clear favourite, with one good alternative',
]

const OPENINGS = [
  'In short: it can be done, and the way is clear.',
  'The picture is clearer than it first looks.',
  'Much has been said about this; what follows is what holds up.',
  'Here is what matters, the most important first.',
]

/** The part of an answer that tells what happened before it. */
export interface Happened {
  /** Result of the tool that was called. */
  readonly toolResult: string | null
  /** What a person wants changed. */
  readonly feedback: string | null
}

/** Plausible prose; a function of its arguments alone. */
export function proseFor(subject: Subject, happened: Happened): string {
  const { title, demands, expected, role, hasContext } = subject
  const seed = createHash('sha256')
    .update(JSON.stringify([subject, happened]))
    .digest()
  const pick = (texts: readonly string[], n: number) => texts[(seed[n] ?? 0) % texts.length] ?? ''
  const points = (demands.length > 0 ? demands : [title]).map(
    (demand, n) => `- ${demand.replace(/[.:]$/, '')}: ${pick(FINDINGS, n + 1)}.`,
  )
  const paragraphs = [
    NOTICE,
    `# ${title}`,
    `${pick(OPENINGS, 0)}${hasContext ? ' It builds on the work done before it.' : ''}`,
    points.join('\n'),
    happened.toolResult && `What was looked up says: “${quote(happened.toolResult)}”`,
    happened.feedback && `Revised according to the feedback: “${quote(happened.feedback)}”`,
    `${role} gives this as ${expected ? `the answer to what was expected: ${expected}` : 'the final answer'}`,
  ]
  return paragraphs.filter(Boolean).join('\n\n')
}

const MAX_QUOTE = 300

/** One line, in short, without the notice of another simulated answer. */
function quote(text: string): string {
  return shorten(text.replace(NOTICE, ''), MAX_QUOTE)
}

function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line
}
