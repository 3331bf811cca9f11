import { existsSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { checkCopy } from '../db/sqlite/check-copy.ts'
import { callServer } from './call-server.ts'

const SYNCED_BYTES = 8 * 1024 * 1024

/** Copies the data of the running server into a new file, which is complete and checked once it has its name. */
export async function backup(name: string | undefined): Promise<void> {
  if (name === undefined) throw new Error('Name the file to make: coxswain backup <file>.')
  const path = resolve(name)
  assertNew(path)
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort(new Error('interrupted; there is no backup'))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  const sizeBytes = await keep(() => callServer(readConfig(), '/backup', interrupted.signal), path)
  console.log(`${path}: ${(sizeBytes / 1_000_000).toFixed(1)} MB, checked`)
  console.log('To be restored it needs the encryption key of the server, which is not in it.')
}

function assertNew(path: string): void {
  if (existsSync(path)) throw new Error(`${path} is there already. Name a new file.`)
}

/** Returns the size. */
async function keep(ask: () => Promise<Response>, path: string): Promise<number> {
  const partial = `${path}.partial`
  const file = await openNew(partial)
  try {
    const sizeBytes = await write(ask, file)
    checkCopy(partial)
    assertNew(path)
    await rename(partial, path)
    await syncDirectory(dirname(path))
    return sizeBytes
  } finally {
    await rm(partial, { force: true })
  }
}

async function openNew(partial: string): Promise<FileHandle> {
  try {
    return await open(partial, 'wx', 0o600)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    throw new Error(
      `${partial} is there already: another backup is being made, or was broken off. In the latter case, delete it.`,
      { cause },
    )
  }
}

/** Closes the file, once what arrives is on disk. */
async function write(ask: () => Promise<Response>, file: FileHandle): Promise<number> {
  let sizeBytes = 0
  try {
    const { body, headers } = await ask()
    for await (const chunk of body ?? []) {
      await file.writeFile(chunk)
      // Else the server's next commit may wait for all of it, when it is on the same disk.
      if ((sizeBytes + chunk.length) % SYNCED_BYTES < sizeBytes % SYNCED_BYTES)
        await file.datasync()
      sizeBytes += chunk.length
    }
    // A proxy may have taken the length away.
    const expected = headers.get('content-length')
    if (expected !== null && Number(expected) !== sizeBytes)
      throw new Error(`${sizeBytes} of ${expected} bytes arrived; there is no backup.`)
    await file.sync()
    return sizeBytes
  } finally {
    await file.close()
  }
}

/** The new name is on disk, too. Windows opens no directories, and needs none of this. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(() => null)
  await directory?.sync().catch(() => {})
  await directory?.close()
}
