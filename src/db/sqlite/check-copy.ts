import Sqlite from 'better-sqlite3'
import { findDamage } from './assert-intact.ts'

/** @throws Error for people when a copy of a database cannot be used */
export function checkCopy(path: string): void {
  const copy = new Sqlite(path)
  try {
    // Without it, SQLite would make files beside it and leave them there.
    copy.pragma('locking_mode = EXCLUSIVE')
    // SQLite takes an empty file for a database without tables.
    const tables = copy.prepare('select name from sqlite_schema where name = ?')
    if (tables.get('runs') === undefined) throw new Error('What arrived is no data of Coxswain.')
    const damage = findDamage(copy)
    if (damage !== null)
      throw new Error(`The copy is damaged (${damage}), and so may be what it is a copy of.`)
  } finally {
    copy.close()
  }
}
