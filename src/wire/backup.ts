import { z } from 'zod'

export const BackupFile = z.string().meta({ contentMediaType: 'application/vnd.sqlite3' })
