import { readConfig } from '../src/config.ts'
import { startServer } from '../src/server/start.ts'
import { report } from './measured-process.ts'

const { url } = await startServer(readConfig())
report(url)
