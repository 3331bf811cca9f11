import { attribute } from './calls/attribute.ts'
import { call } from './calls/call.ts'
import { classAttribute } from './calls/classes.ts'
import { evaluate } from './expressions/evaluate.ts'
import { findName } from './names/find-name.ts'
import { run } from './statements/run.ts'
import type { World } from './world.ts'

/** What is done for one class; the largest known take 5,000. */
const MAX_STEPS = 100_000
/** How deep calls and expressions are in each other. */
const MAX_DEPTH = 400

/** Leaves a reading that takes too long. */
export class TooMuch extends Error {}

type Outside = Pick<World, 'importModule' | 'crewAttribute' | 'environment' | 'readFile'>

/** Interprets the Python of a project abstractly: nothing of it runs, and it ends. */
export function createWorld(outside: Outside): World {
  let steps = 0
  let depth = 0
  const world: World = {
    ...outside,
    evaluate: (node, frame) => evaluate(node, frame, world),
    run: (statements, frame) => run(statements, frame, world),
    call: (callee, args, at) => call(callee, args, at, world),
    attribute: (value, name, at) => attribute(value, name, at, world),
    classAttribute: (cls, name) => classAttribute(cls, name, world),
    find: (module, name) => findName(module, name, world),
    spend: (count = 1) => {
      steps += count
      if (steps > MAX_STEPS) throw new TooMuch('takes too many steps to be read')
    },
    deeper: (act) => {
      depth += 1
      if (depth > MAX_DEPTH) throw new TooMuch('is nested too deeply to be read')
      try {
        return act()
      } finally {
        depth -= 1
      }
    },
  }
  return world
}
