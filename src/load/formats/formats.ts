import type { Format } from './format.ts'
import { jsonc } from './jsonc.ts'
import { python } from './python/python.ts'
import { typescript } from './typescript.ts'
import { yaml } from './yaml.ts'

/** Every way to write a crew down. */
export const FORMATS: readonly Format[] = [typescript, jsonc, python, yaml]
