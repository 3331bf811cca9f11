import type { Compilable, CompiledQuery, Insertable, Kysely } from 'kysely'
import type { Tables } from './database.ts'

type Db = Kysely<Tables>

const NAME = Symbol('name')

/** Stands in a statement for a value that each run of it brings. */
interface Placeholder {
  readonly [NAME]: PropertyKey
}

function isPlaceholder(value: unknown): value is Placeholder {
  return typeof value === 'object' && value !== null && NAME in value
}

/** Databases speak differently, so what was compiled is kept for each. */
function compileOnce(build: (db: Db) => Compilable): (db: Db) => CompiledQuery {
  const compiled = new WeakMap<object, CompiledQuery>()
  return (db) => {
    const { adapter } = db.getExecutor()
    const known = compiled.get(adapter) ?? build(db).compile()
    compiled.set(adapter, known)
    return known
  }
}

/** A database in this process that gives rows at once. */
export interface Shortcut {
  /** True: another caller's changes are there that may never be committed. */
  isInTransaction(): boolean
  run(sql: string, parameters: readonly unknown[]): readonly unknown[]
}

const shortcuts = new WeakMap<object, Shortcut>()

/** Lets statements past the queue for the one connection: waiting in it took four times as long as a read itself. */
export function takeShortcut(db: Db, shortcut: Shortcut): void {
  shortcuts.set(db.getExecutor().adapter, shortcut)
}

async function execute<Row>(db: Db, compiled: CompiledQuery, parameters: readonly unknown[]) {
  const { adapter, plugins } = db.getExecutor()
  const shortcut = plugins.length === 0 ? shortcuts.get(adapter) : undefined
  const isOpen = shortcut !== undefined && (db.isTransaction || !shortcut.isInTransaction())
  if (isOpen) return shortcut.run(compiled.sql, parameters) as readonly Row[]
  return (await db.executeQuery<Row>({ ...compiled, parameters })).rows
}

/**
 * A statement that is built once and run often: building and compiling one took ten times as long as running it.
 *
 * @param build makes it, with `value(name)` wherever a run brings a value
 * @returns runs it on a database or in a transaction, and gives its rows
 */
export function statement<Values extends object, Row = never>(
  build: (
    db: Db,
    value: <Name extends keyof Values>(name: Name) => Values[Name],
  ) => Compilable<Row>,
): (db: Db, values: Values) => Promise<readonly Row[]> {
  const value = <Name extends keyof Values>(name: Name) => ({ [NAME]: name }) as Values[Name]
  const compile = compileOnce((db) => build(db, value))
  return async (db, values) => {
    const compiled = compile(db)
    const parameters = compiled.parameters.map((one) =>
      isPlaceholder(one) ? values[one[NAME] as keyof Values] : one,
    )
    return execute<Row>(db, compiled, parameters)
  }
}

/** Inserts rows of these columns, all in one statement, which is built once for each number of rows. */
export function insertion<Table extends keyof Tables>(
  table: Table,
  columns: readonly (keyof Tables[Table] & string)[],
): (db: Db, rows: readonly Insertable<Tables[Table]>[]) => Promise<void> {
  const row = Object.fromEntries(columns.map((column) => [column, { [NAME]: column }]))
  const byCount = new Map<number, (db: Db) => CompiledQuery>()
  return async (db, rows) => {
    const { length } = rows
    const compile =
      byCount.get(length) ??
      compileOnce((one) => one.insertInto(table).values(Array(length).fill(row)))
    byCount.set(length, compile)
    // Columns stand in the statement in the order in which the row has them.
    const parameters = rows.flatMap((one) =>
      columns.map((column) => one[column as keyof typeof one]),
    )
    await execute(db, compile(db), parameters)
  }
}
