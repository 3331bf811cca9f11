import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { messageOf } from '../errors.ts'
import type { Tables } from './database.ts'
import { runsMigration } from './migrations/0001-runs.ts'
import { upkeepMigration } from './migrations/0002-upkeep.ts'
import { sealedInputsMigration } from './migrations/0003-sealed-inputs.ts'
import { troubleOf } from './trouble.ts'

/** Applied in the order of their names; a name that was released never changes. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-runs': runsMigration,
  '0002-upkeep': upkeepMigration,
  '0003-sealed-inputs': sealedInputsMigration,
}

/** @throws Error when the database was made by a newer version, or a migration fails */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined)
    throw new Error(
      troubleOf(error) === null
        ? 'The database cannot be brought up to date; was it made by a newer version of Coxswain?'
        : `The database cannot be brought up to date: ${messageOf(error)}.`,
      { cause: error },
    )
}
