import { test } from 'vitest'
import { testOrphans } from '../orphan-contract.ts'
import { PYTHON } from './python-lab.ts'

if (PYTHON === null) test.runIf(false)('orphans in Python: there is no Python 3.10 here', () => {})
else testOrphans('python')
