import { testOrphans } from '../orphan-contract.ts'

testOrphans('node')
