import { z } from 'zod'
import type { PythonOptions } from './python-crew-code.ts'

const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })
const between = (type: z.ZodNumber, min: number, max: number, what: string) => {
  const error = `must be ${what} from ${min} to ${max}`
  return type.min(min, error).max(max, error)
}
const whole = (min: number, max: number) =>
  between(z.int('must be a whole number'), min, max, 'a whole number')
const onCrash = oneOf('retry', 'ask', 'fail')
const seconds = between(z.number('must be a number'), 0.001, 86_400, 'a number of seconds')
const TOOL_SETTINGS = { on_crash: onCrash.optional(), timeout_seconds: seconds.optional() }

const toolSettings = z
  .strictObject(TOOL_SETTINGS)
  .transform((given) => ({ onCrash: given.on_crash, timeoutMs: toMs(given.timeout_seconds) }))

/** What `python:` of a `crew.yaml` says, as people write it. */
const SETTINGS = {
  interpreter: z.string().min(1).optional(),
  mode: oneOf('auto', 'light', 'real').optional(),
  env: z.array(z.string().regex(/^\w+$/, 'must be the name of a variable')).optional(),
  on_crash: onCrash.optional(),
  timeout_seconds: seconds.optional(),
  memory_mb: whole(64, 1_048_576).optional(),
  idle_seconds: seconds.optional(),
  threads: whole(1, 100).optional(),
  tools: z.record(z.string(), toolSettings).optional(),
}

const pythonSettings = z.strictObject(SETTINGS).transform(({ env, ...given }) => ({
  interpreter: given.interpreter,
  mode: given.mode,
  variables: env,
  onCrash: given.on_crash,
  timeoutMs: toMs(given.timeout_seconds),
  memoryMb: given.memory_mb,
  idleMs: toMs(given.idle_seconds),
  threads: given.threads,
  tools: given.tools,
}))

export interface SettingsProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The settings, or what is wrong with them. What is not said is left to its default. */
export function readPythonSettings(
  value: unknown,
): { readonly settings: PythonOptions } | { readonly problems: readonly SettingsProblem[] } {
  const parsed = pythonSettings.safeParse(value)
  if (parsed.success) return { settings: withoutAbsent(parsed.data) }
  const problems = parsed.error.issues.map((issue) => ({
    path: issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
    message: describe(issue),
  }))
  return { problems }
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message
  const known = Object.keys(issue.path.length === 0 ? SETTINGS : TOOL_SETTINGS)
  return `knows no ${issue.keys.join(', ')}; it knows ${known.join(', ')}`
}

function withoutAbsent(given: object): PythonOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function toMs(given: number | undefined): number | undefined {
  return given === undefined ? undefined : given * 1000
}
