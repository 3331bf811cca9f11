import { expect, test } from 'vitest'
import { modelSchema } from '../../../../src/load/formats/python/pydantic/model-schema.ts'
import { pythonModule } from '../../../harness/python-module.ts'

const IMPORTS = `
import os
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Callable, Dict, Generic, List, Literal, NamedTuple, Optional, TypeVar, Union
from pydantic import conint, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, field_validator, model_validator
from sqlmodel import SQLModel
T = TypeVar("T")
class Item(BaseModel):
    a: int = 1
`

/** The last class of a module, with its imports before it. */
function schemaOf(source: string) {
  const { classes } = pythonModule(IMPORTS + source)
  const last = classes.at(-1)
  if (last === undefined) throw new Error('there is no class')
  return modelSchema(last)
}

const field = (text: string) => `class Model(BaseModel):\n    before: int\n    ${text}\n`

test.each([
  ['now: datetime = datetime.now()', 'the default of now is computed', 'datetime.now()'],
  ['home: str = os.environ["HOME"]', 'the default of home is computed', 'os.environ'],
  ['item: Item = Item()', 'the default of item is computed', 'Item()'],
  ['text: str = Field(description=os.getenv("X"))', 'the description is computed', 'os.getenv'],
  ['text: str = Field(**OPTIONS)', 'the arguments of a field are not written out', 'OPTIONS'],
  ['text: str = Field(regex="a")', 'pydantic refuses the argument regex of a field', '"a"'],
  ['text: Unknown', 'Unknown is not defined', 'Unknown'],
  ['text: Callable[[int], str]', 'Callable is a type whose JSON Schema is not known', 'Callable'],
  ['text: os.stat_result', 'os.stat_result is a type whose JSON Schema is not known', 'os.'],
  ['text: Annotated[int, Unknown(3)]', 'what this does to a type is not read', 'Unknown'],
  ['text: conint(ge=os.cpu_count())', 'what this call gives is known to Python alone', 'conint'],
  ['text: 3', 'a value is no type', '3'],
  ['text: "not python at all"', 'a value is no type', '"not'],
  ['text: [int]', 'such an expression is no type that can be read', '[int]'],
  ['text: T', 'what this call gives is known to Python alone', ''],
  [
    'date: Optional[date] = None',
    'date stands for the default of the field of that name',
    'date] =',
  ],
  ['text = "x"', 'pydantic refuses text, which has no type', 'text'],
])('%s is left to Python', (text, reason, part) => {
  const { schema, holes } = schemaOf(field(text))

  expect(schema).toBeNull()
  expect(holes).toMatchObject([{ reason, at: { file: 'module.py' } }])
  // That of a type parameter stands where it is made.
  if (part !== '') expect(holes[0]?.at).toMatchObject({ line: 14, column: text.indexOf(part) + 5 })
})

test.each([
  [
    'class Model(SQLModel):\n    a: int',
    'Model inherits from sqlmodel.SQLModel, whose fields are not read',
  ],
  [
    'class Model(make_base()):\n    a: int',
    'Model inherits from make_base(), which cannot be read',
  ],
  ['class Model(Model):\n    a: int', 'Model inherits from Model, which cannot be read'],
  [
    'class Box(BaseModel, Generic[T]):\n    a: T',
    'Box inherits from Generic[T], which cannot be read',
  ],
  [
    'class Row(NamedTuple):\n    a: int',
    'Row inherits from typing.NamedTuple, whose fields are not read',
  ],
  ['class Model:\n    a: int', 'Model is no class of which pydantic makes a schema'],
  ['class Color(Enum):\n    RED = os.getpid()', 'a value of Color is known to Python alone'],
  ['class Color(Enum):\n    pass', 'a value of Color is known to Python alone'],
  [
    'class Model(BaseModel):\n    model_config = ConfigDict(**base)\n    a: int',
    'the settings of the model are computed',
  ],
  [
    'class Model(BaseModel):\n    model_config = ConfigDict(alias_generator=lambda name: name)\n    a: int',
    'the alias of a is made by a function',
  ],
  ['@register\nclass Model(BaseModel):\n    a: int', 'a decorator may change Model'],
  ['class Model(BaseModel):\n    __doc__ = "x"\n    a: int', 'what __doc__ says is not read'],
  [
    'from dataclasses import field\n@dataclass\nclass Row:\n    a: int = field(metadata={"title": "x"})',
    'what metadata of a field says is not read',
  ],
  [
    'class Model(BaseModel):\n    if DEBUG:\n        a: int',
    'a model whose fields depend on its code',
  ],
  [
    'class Model(BaseModel):\n    a: int\n    @classmethod\n    def __get_pydantic_json_schema__(cls, core, handler): ...',
    'Model.__get_pydantic_json_schema__ makes the schema',
  ],
  [
    'class Model(BaseModel):\n    a: int\n    @field_validator("a", mode="plain")\n    def any_a(cls, value): ...',
    'Model.any_a takes any value',
  ],
])('%s is left to Python', (source, reason) => {
  const { schema, holes } = schemaOf(source)

  expect(schema).toBeNull()
  expect(holes.map((hole) => hole.reason)).toContain(reason)
})

test('a hole in a model that a field refers to is one of the whole', () => {
  const { schema, holes } = schemaOf(
    `class Inner(BaseModel):\n    at: datetime = datetime.now()\nclass Model(BaseModel):\n    inner: List[Inner]\n    again: Inner`,
  )

  expect(schema).toBeNull()
  expect(holes).toHaveLength(1)
})

test('validators are told beside a schema that stands', () => {
  const { schema, holes, validators } = schemaOf(`
class Inner(BaseModel):
    a: Annotated[int, BeforeValidator(int)]

class Model(BaseModel):
    inner: Inner
    @field_validator("inner")
    def check(cls, value): ...
    @model_validator(mode="after")
    def check_all(self): ...
    def model_post_init(self, context): ...
`)

  expect(holes).toEqual([])
  expect(schema).not.toBeNull()
  expect(validators.map(({ reason }) => reason)).toEqual([
    'Model.check checks a field',
    'Model.check_all checks the whole',
    'Model.model_post_init runs for each value',
    'a validator checks it',
  ])
})

test('types that are defined by themselves end', () => {
  for (const source of [
    'A = A\n',
    'A = B\nB = A\n',
    'A = List["A"]\n',
    'A = "A"\n',
    'A = Union["A", "A"]\n',
    'A = Annotated["A", 1]\n',
  ]) {
    const { schema, holes } = schemaOf(`${source}class Model(BaseModel):\n    a: A\n`)
    expect(schema).toBeNull()
    expect(holes).not.toEqual([])
  }
})

test('a type that doubles with every name is given up', () => {
  const names = Array.from(
    { length: 60 },
    (_, index) => `A${index + 1} = Union[List[A${index}], Dict[str, A${index}]]`,
  )
  const { schema, holes } = schemaOf(
    `A0 = int\n${names.join('\n')}\nclass Model(BaseModel):\n    a: A60\n`,
  )

  expect(schema).toBeNull()
  expect(holes.map(({ reason }) => reason)).toEqual(['there are more than 20000 types'])
})

test('what doubles with every name is not computed', () => {
  const doubled = (start: string, next: (before: string) => string) =>
    [
      start,
      ...Array.from({ length: 60 }, (_, index) => `A${index + 1} = ${next(`A${index}`)}`),
    ].join('\n')

  for (const source of [
    doubled('A0 = ["x"]', (before) => `[${before}, ${before}]`),
    doubled('A0 = "x"', (before) => `${before} + ${before}`),
    doubled('A0 = {"x": 1}', (before) => `{"a": ${before}, "b": ${before}}`),
  ]) {
    const { holes } = schemaOf(`${source}\nclass Model(BaseModel):\n    a: object = A60\n`)
    expect(holes.map(({ reason }) => reason)).toEqual(['the default of a is computed'])
  }
  const { schema } = schemaOf(
    `${doubled('A0 = Literal["x"]', (before) => `Literal[${before}, ${before}]`)}\nclass Model(BaseModel):\n    a: A60\n`,
  )
  expect(schema).toMatchObject({ properties: { a: { const: 'x' } } })
})

test('each class of a lineage is read once, however many ways lead to it', () => {
  const levels = Array.from(
    { length: 60 },
    (_, index) =>
      `class C${index + 1}(C${index}, D${index}):\n    pass\nclass D${index + 1}(C${index}, D${index}):\n    pass\n`,
  )
  const { schema } = schemaOf(
    `class C0(BaseModel):\n    a: int\nclass D0(BaseModel):\n    b: int\n${levels.join('')}`,
  )

  expect(Object.keys((schema as { properties: object }).properties)).toEqual(['b', 'a'])
})

test('nesting ends in a hole, not in a stack', () => {
  const deep = `${'List['.repeat(300)}int${']'.repeat(300)}`

  expect(() => schemaOf(`class Model(BaseModel):\n    a: ${deep}\n`)).not.toThrow()
})

test('names that every object of JavaScript has are names like others', () => {
  const { schema } = schemaOf(
    `
class Model(BaseModel):
    constructor: str
    toString: int = Field(1, valueOf=2)
    __proto__: int
    hasOwnProperty: constructor2
`.replace('constructor2', 'Optional[int]'),
  )

  expect(Object.keys((schema as { properties: object }).properties)).toEqual([
    'constructor',
    'toString',
    'hasOwnProperty',
  ])
})
