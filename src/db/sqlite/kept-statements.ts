import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type { Shortcut } from '../statement.ts'
import type { SqliteFile } from './sqlite-file.ts'

/** More than this program has; a filter in a list of any length makes a new one. */
const MAX_STATEMENTS = 500

/**
 * The database for Kysely. Statements are kept prepared: doing that each time one is run took a fifth of the CPU time of
 * a run.
 *
 * @param onError is told what a statement throws, before its caller is
 */
export function keepStatements(
  { database, close }: SqliteFile,
  onError: (error: unknown) => void,
): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()

  function told<T>(action: () => T): T {
    try {
      return action()
    } catch (error) {
      onError(error)
      throw error
    }
  }

  function prepare(sql: string): SqliteStatement {
    const statement = database.prepare<unknown[]>(sql)
    return {
      reader: statement.reader,
      all: (parameters) => told(() => statement.all(parameters)),
      iterate: (parameters) => statement.iterate(parameters),
      run: (parameters) =>
        // SQLite has rolled back by itself when the disk is full, and a second time is an error that hides the first.
        sql === 'rollback' && !database.inTransaction
          ? { changes: 0, lastInsertRowid: 0 }
          : told(() => statement.run(parameters)),
    }
  }

  return {
    close,
    prepare(sql) {
      const known = statements.get(sql)
      if (known !== undefined) return known
      const statement = told(() => prepare(sql))
      if (statements.size < MAX_STATEMENTS) statements.set(sql, statement)
      return statement
    },
  }
}

export function shortcutTo({ database }: SqliteFile, statements: SqliteDatabase): Shortcut {
  return {
    isInTransaction: () => database.inTransaction,
    run(sql, parameters) {
      const statement = statements.prepare(sql)
      if (statement.reader) return statement.all(parameters)
      statement.run(parameters)
      return []
    },
  }
}
