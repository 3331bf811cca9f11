import type { JsonSchema } from '../../../../llm/model.ts'
import { describeClass } from './classes/describe-class.ts'
import { createGeneration, type Generation, type Hole } from './generation.ts'
import { type ClassMeaning, placeOf, type Scope } from './scope.ts'

/** What pydantic 2 makes of a class or of the arguments of a function. */
export interface PydanticSchema {
  /** As `model_json_schema()` gives it; null: only Python can tell, for the reasons in `holes`. */
  readonly schema: JsonSchema | null
  readonly holes: readonly Hole[]
  /** Code that checks values. The schema stands without it. */
  readonly validators: readonly Hole[]
}

/** The JSON Schema of a model, an enum, a dataclass or a TypedDict, read from its source. Never throws. */
export function modelSchema(owner: ClassMeaning): PydanticSchema {
  return generate(owner.node, owner.scope, (generation) => {
    generation.refer(owner)
    return owner.node
  })
}

/** @param make notes what there is to define, and gives the key of the whole */
export function generate(
  node: ClassMeaning['node'] | Parameters<typeof placeOf>[0],
  scope: Scope,
  make: (generation: Generation) => object,
): PydanticSchema {
  const generation = createGeneration(describeClass)
  const { holes, validators, definitions } = generation
  try {
    const schema = definitions.finish(make(generation))
    return {
      schema: holes.length > 0 ? null : schema,
      holes: unique(holes),
      validators: unique(validators),
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const hole = { at: placeOf(node, scope), reason: 'it is nested too deeply to be read' }
    return { schema: null, holes: [hole], validators: [] }
  }
}

/** One a place and reason: a base is read with each of its subclasses. */
function unique(holes: readonly Hole[]): readonly Hole[] {
  return [...new Map(holes.map((hole) => [JSON.stringify(hole), hole])).values()]
}
