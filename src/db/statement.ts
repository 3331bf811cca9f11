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
    return (await db.executeQuery<Row>({ ...compiled, parameters })).rows
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
    await db.executeQuery({ ...compile(db), parameters })
  }
}
