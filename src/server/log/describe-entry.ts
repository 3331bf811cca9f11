import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

const LEVELS: Readonly<Record<number, readonly [string, Style]>> = {
  10: ['TRACE', 'dim'],
  20: ['DEBUG', 'dim'],
  30: ['INFO ', 'green'],
  40: ['WARN ', 'yellow'],
  50: ['ERROR', 'red'],
  60: ['FATAL', 'red'],
}
/** From here on a stack helps: what has gone wrong is no fault of a crew. */
const ERROR_LEVEL = 50
/** A longer value is cut. */
const MAX_VALUE_CHARS = 1_000

/** An entry as pino writes it. */
interface Entry {
  readonly level: number
  /** ms since the epoch. */
  readonly time: number
  readonly msg?: string
  readonly err?: { readonly message?: string; readonly stack?: string }
  readonly [field: string]: unknown
}

/**
 * An entry of the log as a line for people, e.g. `12:04:31 INFO  press: run completed  runId=01a2`. What an error brings
 * follows in lines of its own.
 *
 * @param line JSON, as pino writes it
 */
export function describeEntry(line: string): string {
  const { level, time, msg = '', err, crew, reqId: _, ...fields } = JSON.parse(line) as Entry
  const [name, style] = LEVELS[level] ?? [String(level), 'reset']
  const about = typeof crew === 'string' ? `${paint('bold', plain(crew))}: ` : ''
  const cause = err?.message === undefined ? '' : `: ${plain(err.message)}`
  const stack = level >= ERROR_LEVEL ? stackOf(err?.stack) : ''
  const text = `${about}${describeMessage(msg, fields)}${cause}`
  return `${paint('dim', clockOf(time))} ${paint(style, name)} ${text}${stack}`
}

type Fields = Readonly<Record<string, unknown>>

/** What is logged most is told in its own way. */
function describeMessage(msg: string, fields: Fields): string {
  const { method, path, statusCode, durationMs, output, ...others } = fields
  if (msg === 'request')
    return `${method} ${plain(String(path))} ${paint(colourOf(Number(statusCode)), String(statusCode))} ${paint('dim', `${durationMs} ms`)}`
  if (msg === 'a crew printed') return `${paint('dim', '|')} ${plain(String(output))}`
  const shown = Object.entries(msg === '' ? others : fields).map(
    ([field, value]) => `${paint('dim', `${field}=`)}${shownValue(value)}`,
  )
  return [plain(msg), ...shown].join('  ')
}

function colourOf(statusCode: number): Style {
  if (statusCode >= 500) return 'red'
  return statusCode >= 400 ? 'yellow' : 'green'
}

function shownValue(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[^\s"=]+$/.test(value)
  const text = plain(isPlain ? value : JSON.stringify(value))
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS)}…` : text
}

function stackOf(stack: string | undefined): string {
  const lines = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return lines.map((line) => `\n${paint('dim', plain(line))}`).join('')
}

/** In the time of this machine. */
function clockOf(time: number): string {
  return new Date(time).toTimeString().slice(0, 8)
}

/** Crews and callers must not steer the terminal: control characters, and those that turn text around. */
function plain(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** As `NO_COLOR` and `FORCE_COLOR` say, and not into a file or a pipe. */
function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}
