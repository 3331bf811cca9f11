import type { ServerResponse } from 'node:http'
import type { FastifyPluginAsync } from 'fastify'
import type { Database } from '../../db/database.ts'
import { AppError } from '../../errors.ts'
import { BackupFile } from '../../wire/backup.ts'
import { CONNECTION_TIMEOUT_MS } from '../limits.ts'

const TYPE = 'application/vnd.sqlite3'

interface BackupOptions {
  readonly backup: Database['backup']
}

/** A copy of the database. */
export const backupRoute: FastifyPluginAsync<BackupOptions> = async (app, { backup }) => {
  app.get(
    '/backup',
    {
      // HEAD would make a backup, too.
      exposeHeadRoute: false,
      schema: {
        operationId: 'getBackup',
        tags: ['Administration'],
        summary: 'Get a backup',
        description:
          'A consistent copy of the database, as it is when the last byte of it is copied, while the server goes on. `coxswain backup <file>` asks for it, and checks what arrives.',
        response: {
          200: { description: 'The SQLite file.', content: { [TYPE]: { schema: BackupFile } } },
        },
        errors: ['backup_running', 'no_room_for_backup', 'database_unavailable'],
      },
    },
    async ({ raw: { socket } }, reply) => {
      const { raw } = reply
      const left = new AbortController()
      const reason = 'The client left before its backup was made.'
      raw.once('close', () => left.abort(new AppError('bad_request', { reason })))
      // The copy is made before the first byte is sent, which may take longer than a silent connection is left open.
      socket.setTimeout(0)
      await using copy = await backup(left.signal)
      socket.setTimeout(CONNECTION_TIMEOUT_MS)
      // From here on no error can be answered: what can be done is to break it off, which the length tells.
      reply.hijack()
      for (const [name, value] of Object.entries(reply.getHeaders()))
        raw.setHeader(name, value ?? '')
      raw.setHeader('content-type', TYPE)
      raw.setHeader('content-length', copy.sizeBytes)
      raw.setHeader('content-disposition', 'attachment; filename="coxswain.db"')
      await copy.pour((piece) => write(raw, piece)).catch(() => raw.destroy())
      raw.end()
    },
  )
}

/** Resolves when the piece is out of this process. */
function write(response: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(piece, (error) => (error ? reject(error) : resolve()))
  })
}
