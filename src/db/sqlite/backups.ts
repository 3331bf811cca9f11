import { AppError } from '../../errors.ts'
import type { Backup, Database } from '../database.ts'
import { backUp } from './backup.ts'
import type { SqliteFile } from './sqlite-file.ts'

/** Makes backups, one at a time: each takes as much room again as the database, until it is read. */
export interface Backups {
  readonly backup: Database['backup']
  /** Breaks a copy off that is being made, and resolves when it is. */
  close(): Promise<void>
}

export function createBackups(source: SqliteFile): Backups {
  const closing = new AbortController()
  let running: Promise<Backup> | null = null

  const end = () => {
    running = null
  }

  async function make(signal: AbortSignal): Promise<Backup> {
    const made = await backUp(source, signal)
    return {
      ...made,
      async [Symbol.asyncDispose]() {
        end()
        await made[Symbol.asyncDispose]()
      },
    }
  }

  return {
    async backup(signal) {
      if (running !== null) throw new AppError('backup_running')
      running = make(AbortSignal.any([signal, closing.signal]))
      running.catch(end)
      return running
    },
    async close() {
      closing.abort(new AppError('shutting_down'))
      await running?.catch(() => {})
    },
  }
}
