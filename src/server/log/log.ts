import { type Logger, pino } from 'pino'
import type { Config } from '../../config.ts'
import { describeEntry } from './describe-entry.ts'

/** `text`: for people. `json`: a line of JSON an entry, for programs. */
export type LogFormat = 'json' | 'text'

/** As it is set, else by who reads. */
export function logFormatOf({ logFormat }: Pick<Config, 'logFormat'>): LogFormat {
  return logFormat ?? (process.stdout.isTTY ? 'text' : 'json')
}

export function createLog(config: Pick<Config, 'logLevel' | 'logFormat'>): Logger {
  const level = config.logLevel
  if (logFormatOf(config) === 'json') return pino({ level })
  const write = (line: string) => process.stdout.write(`${describeEntry(line)}\n`)
  return pino({ level, base: null }, { write })
}

/** The same log, which also takes what the code of crews prints. */
export function withPrints(log: Logger): Logger {
  return log.level === 'info' ? log.child({}, { level: 'debug' }) : log
}
