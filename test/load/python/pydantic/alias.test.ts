import { expect, test } from 'vitest'
import { modelSchema } from '../../../../src/load/formats/python/pydantic/model-schema.ts'
import { pythonModule } from '../../../harness/python-module.ts'

/** Recorded from pydantic 2.12.5; the older Pythons that record the other forms cannot read it. */
test('a type with a name of its own has a place of its own', () => {
  const module = pythonModule(`
from typing import Annotated, List, Optional, Union
from annotated_types import Gt
from pydantic import BaseModel, Field
type Positive = Annotated[int, Gt(0)]
type Nested = Union[int, List[Nested]]

class Model(BaseModel):
    a: Positive
    b: Optional[Positive] = None
    c: List[Positive] = Field(description='x')
    d: Nested
`)

  expect(modelSchema(module.class('Model'))).toEqual({
    holes: [],
    validators: [],
    schema: {
      $defs: {
        Nested: {
          anyOf: [{ type: 'integer' }, { items: { $ref: '#/$defs/Nested' }, type: 'array' }],
        },
        Positive: { exclusiveMinimum: 0, type: 'integer' },
      },
      properties: {
        a: { $ref: '#/$defs/Positive' },
        b: { anyOf: [{ $ref: '#/$defs/Positive' }, { type: 'null' }], default: null },
        c: {
          description: 'x',
          items: { $ref: '#/$defs/Positive' },
          title: 'C',
          type: 'array',
        },
        d: { $ref: '#/$defs/Nested' },
      },
      required: ['a', 'c', 'd'],
      title: 'Model',
      type: 'object',
    },
  })
})
