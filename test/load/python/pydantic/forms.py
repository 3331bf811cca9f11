"""Models in every form that a field may take. record.py writes what pydantic makes of each into forms.json."""

import datetime
import re
import uuid
from abc import ABC
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, auto
from pathlib import Path
from typing import (
    Any,
    ClassVar,
    Dict,
    FrozenSet,
    Iterable,
    List,
    Literal,
    NewType,
    Optional,
    Set,
    Tuple,
    Type,
    Union,
)

import annotated_types
import pydantic
import typing as t
from annotated_types import Ge, Interval, Len
from pydantic import (
    AfterValidator,
    AliasChoices,
    AnyUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    HttpUrl,
    Json,
    NonNegativeFloat,
    PastDate,
    PositiveInt,
    PrivateAttr,
    RootModel,
    SecretStr,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    UUID4,
    WithJsonSchema,
    computed_field,
    conint,
    conlist,
    constr,
    condecimal,
    confloat,
    conset,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.dataclasses import dataclass as pydantic_dataclass
from typing_extensions import Annotated, NotRequired, TypedDict

LIMIT = 10
HALF = LIMIT / 2
GREETING = "hello" + " world"
DEFAULT_TAGS = ["a", "b"]
NonEmpty = Field(min_length=1)
Score = Annotated[float, Field(ge=0, le=1, description="Between 0 and 1")]
MaybeText = Optional[str]
UserId = NewType("UserId", int)
Level = Literal["low", "high"]


class Color(str, Enum):
    """What it looks like."""

    RED = "red"
    GREEN = "green"


class Plain(Enum):
    A = 1
    B = "b"


class Number(IntEnum):
    ONE = 1
    TWO = 2


class Automatic(Enum):
    FIRST = auto()
    SECOND = auto()


class Doubled(Enum):
    A = "x"
    B = "x"
    C = "y"


class Single(str, Enum):
    ONLY = "only"


class Item(BaseModel):
    """One item."""

    name: str
    count: int = 1


class Undocumented(BaseModel):
    value: float


class Address(TypedDict):
    """Where it is."""

    street: str
    zip: NotRequired[str]


class Loose(TypedDict, total=False):
    a: int
    b: Annotated[str, Field(description="The b")]


@dataclass
class Point:
    """A point that says so."""

    x: int
    y: int = 0
    tags: List[str] = field(default_factory=list)


@pydantic_dataclass
class Checked:
    """A dataclass of pydantic."""

    name: str
    size: int = Field(default=3, gt=0)


# --- scalars -------------------------------------------------------------------------------------


class Scalars(BaseModel):
    text: str
    whole: int
    number: float
    flag: bool
    raw: bytes
    anything: Any
    thing: object
    nothing: None
    imaginary: complex


class Defaults(BaseModel):
    text: str = "x"
    empty: str = ""
    whole: int = 5
    negative: int = -3
    number: float = 1.5
    round_float: float = 2.0
    flag: bool = True
    absent: Optional[str] = None
    names: List[str] = []
    pairs: Dict[str, int] = {"a": 1, "b": 2}
    couple: Tuple[int, str] = (1, "x")
    limited: int = LIMIT
    half: float = HALF
    greeting: str = GREETING
    tags: List[str] = DEFAULT_TAGS
    formatted: str = f"up to {LIMIT}"
    joined: str = "one " "two"
    price: Decimal = Decimal("9.99")
    color: Color = Color.RED
    color_text: str = Color.GREEN.value
    required: int = ...


class FieldDefaults(BaseModel):
    first: str = Field("x")
    second: str = Field(default="y")
    third: str = Field(...)
    fourth: List[str] = Field(default_factory=list)
    fifth: Optional[int] = Field(None)
    sixth: dict = Field(default_factory=dict, description="Made anew")
    seventh: str = Field(default=..., description="Needed")


class Titles(BaseModel):
    item_name: str
    itemName: str
    URL: str
    item2count: int
    x: int
    own: str = Field(title="My own title")
    trailing_: str
    é_tat: str


class Descriptions(BaseModel):
    plain: str = Field(description="A description")
    long: str = Field(
        ...,
        description="A description "
        "over two lines",
    )
    examples: str = Field(examples=["a", "b"])
    old: str = Field(deprecated=True)
    older: str = Field(deprecated="use old")
    extra: str = Field(json_schema_extra={"x-order": 1, "example": "e"})
    sloppy: str = Field("v", example="an example")
    escaped: str = Field(description="tab\tand \"quotes\" and \u00e9 and\nnewline")


# --- dates and other texts -------------------------------------------------------------------------


class Times(BaseModel):
    day: date
    moment: datetime.datetime
    clock: datetime.time
    length: timedelta
    past: PastDate
    maybe: Optional[datetime.date] = None


class Texts(BaseModel):
    mail: EmailStr
    link: HttpUrl
    address: AnyUrl
    secret: SecretStr
    id: uuid.UUID
    id4: UUID4
    path: Path
    pattern: re.Pattern
    price: Decimal
    payload: Json
    typed_payload: Json[List[int]]
    strict: StrictStr
    mail_list: List[EmailStr]
    maybe_link: Optional[HttpUrl] = None


# --- bounds ------------------------------------------------------------------------------------------


class Bounds(BaseModel):
    age: int = Field(ge=0, le=150)
    ratio: float = Field(gt=0, lt=1)
    even: int = Field(multiple_of=2)
    code: str = Field(min_length=2, max_length=LIMIT, pattern=r"^[A-Z]+$")
    names: List[str] = Field(min_length=1, max_length=5)
    old_names: List[str] = Field(min_items=1)
    unique: Set[int] = Field(min_length=1)
    couple: Tuple[int, ...] = Field(max_length=3)
    mapping: Dict[str, int] = Field(min_length=1)
    price: Decimal = Field(max_digits=6, decimal_places=2)
    digits: Decimal = Field(max_digits=4)
    places: Decimal = Field(decimal_places=3, ge=0)
    raw: bytes = Field(max_length=8)
    day: date = Field(strict=True)
    maybe: Optional[int] = Field(default=None, ge=0)
    either: Union[int, float] = Field(ge=1)
    either_text: Union[str, List[str]] = Field(min_length=1)
    many: Sequence[int] = Field(min_length=2)
    trimmed: str = Field(strict=True, min_length=1)


class Shortcuts(BaseModel):
    positive: PositiveInt
    not_negative: NonNegativeFloat
    strict_int: StrictInt
    strict_bool: StrictBool
    small: conint(ge=1, le=9)
    ratio: confloat(gt=0)
    short: constr(min_length=1, max_length=3, strip_whitespace=True)
    coded: constr(pattern=r"^\d+$")
    few: conlist(int, min_length=1, max_length=3)
    few_items: conlist(Item, min_length=1)
    unique: conset(str, max_length=4)
    money: condecimal(max_digits=5, decimal_places=2)
    maybe: Optional[constr(min_length=2)] = None


class AnnotatedForms(BaseModel):
    score: Score
    scores: List[Score]
    maybe_score: Optional[Score] = None
    by_name: Score = 0.5
    described: Annotated[str, Field(description="In the annotation")]
    both: Annotated[str, Field(description="first", min_length=1)] = Field(description="second")
    defaulted: Annotated[int, Field(gt=0)] = 3
    inner_default: Annotated[int, Field(default=4)]
    aliased: Annotated[str, Field(alias="otherName")]
    non_empty: Annotated[str, NonEmpty]
    commented: Annotated[str, "for readers"]
    types_ge: Annotated[int, Ge(2)]
    types_len: Annotated[List[str], Len(1, 3)]
    types_interval: Annotated[int, Interval(gt=1, le=5)]
    types_module: Annotated[int, annotated_types.Lt(9)]
    constrained: Annotated[str, StringConstraints(min_length=2, pattern="^a")]
    checked: Annotated[int, AfterValidator(lambda v: v)]
    coerced: Annotated[int, BeforeValidator(int)]
    replaced: Annotated[int, WithJsonSchema({"type": "string", "format": "number"})]
    nested: Annotated[Annotated[int, Ge(1)], Field(le=4)]
    item: Annotated[Item, Field(description="An item")]
    items: List[Annotated[Item, Field(description="Each of them")]]


# --- unions ------------------------------------------------------------------------------------------


class Unions(BaseModel):
    maybe: Optional[int]
    maybe_default: Optional[int] = None
    pipe: str | None
    pipe_default: str | None = None
    either: Union[int, str]
    either_pipe: int | str | None = 3
    same: Union[str, str]
    nested: Union[int, Union[str, None]]
    optional_union: Optional[Union[int, str]] = None
    null_first: Union[None, int] = None
    aliased: MaybeText = None
    of_lists: List[str] | Dict[str, int]
    of_models: Union[Item, Undocumented]
    one_model: Optional[Item] = None
    listed: List[Optional[int]]
    quoted: "Optional[int]" = None
    quoted_inside: List["Item"]
    only_none: Optional[None] = None
    models_and_null: Optional[Union[Item, Undocumented]] = None


class Literals(BaseModel):
    one: Literal["a"]
    several: Literal["a", "b"]
    numbers: Literal[1, 2]
    flag: Literal[True]
    mixed: Literal["a", 1]
    with_none: Literal["a", None]
    nested: Literal["a", Literal["b", "c"]]
    by_name: Level
    by_name_inside: Literal[Level, "middle"]
    of_enum: Literal[Color.RED]
    defaulted: Literal["a", "b"] = "a"
    maybe: Optional[Literal["x", "y"]] = None
    listed: List[Literal["x", "y"]]
    repeated: Literal["a", "a"]


class Enums(BaseModel):
    color: Color
    plain: Plain
    number: Number
    automatic: Automatic
    doubled: Doubled
    single: Single
    maybe: Optional[Color] = None
    defaulted: Color = Color.GREEN
    default_by_field: Color = Field(default=Color.RED, description="Which one")
    listed: List[Color]
    keyed: Dict[Color, int]
    listed_default: List[Color] = [Color.RED]


# --- containers --------------------------------------------------------------------------------------


class Containers(BaseModel):
    a: list
    b: List
    c: list[str]
    d: List[int]
    e: List[List[int]]
    f: dict
    g: Dict
    h: dict[str, Any]
    i: Dict[str, int]
    j: Dict[int, str]
    k: Dict[str, List[Item]]
    l: set
    m: Set[str]
    n: FrozenSet[int]
    o: tuple
    p: Tuple[int, str]
    q: Tuple[int, ...]
    r: Tuple[()]
    s: Sequence[str]
    u: Iterable[int]
    v: Mapping[str, float]
    w: deque[int]
    x: Dict[str, Dict[str, int]]
    y: Type[Item]
    z: List[Tuple[str, int]]
    keyed: Dict[constr(pattern="^k"), int]
    bounded_keys: Dict[constr(min_length=2), str]
    by_date: Dict[date, int]
    default_dict: t.DefaultDict[str, int]
    ordered: t.OrderedDict[str, int]
    counted: t.Counter[str]
    any_list: List[Any]
    object_map: Dict[str, object]


class Nested(BaseModel):
    item: Item
    items: List[Item]
    maybe: Optional[Item] = None
    described: Item = Field(description="The one")
    titled: Item = Field(title="Titled")
    maybe_described: Optional[Item] = Field(default=None, description="Perhaps")
    undocumented: Undocumented
    same_text: Item = Field(description="One item.")


class Tree(BaseModel):
    value: int
    children: List["Tree"] = []
    parent: Optional["Tree"] = None


class Forest(BaseModel):
    trees: List[Tree]


class Ping(BaseModel):
    pong: Optional["Pong"] = None


class Pong(BaseModel):
    ping: Optional[Ping] = None


class Inner(BaseModel):
    class Deep(BaseModel):
        value: int

    class Kind(str, Enum):
        A = "a"

    deep: Deep
    kind: Kind = Kind.A
    outer_item: Item


class OuterHolder(BaseModel):
    inner: Inner.Deep


# --- two classes of one name -------------------------------------------------------------------------


class Left(BaseModel):
    class Part(BaseModel):
        a: int

    part: Part


class Right(BaseModel):
    class Part(BaseModel):
        b: str

    part: Part


class Sides(BaseModel):
    left: Left
    right: Right


# --- aliases and settings ------------------------------------------------------------------------------


class Aliases(BaseModel):
    first_name: str = Field(alias="firstName")
    last: str = Field(validation_alias="lastName")
    both: str = Field(alias="one", validation_alias="other")
    serialized: str = Field(serialization_alias="out")
    chosen: str = Field(validation_alias=AliasChoices("first", "second"))
    item: Item = Field(alias="theItem")
    titled: int = Field(alias="some_alias", title="Kept")


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    first_name: str
    item_2_count: int
    plain: str
    own: str = Field(alias="mine")


class Forbidding(BaseModel):
    model_config = ConfigDict(extra="forbid")

    a: int


class Allowing(BaseModel):
    model_config = {"extra": "allow", "title": "Called otherwise"}

    a: int


class Extra(BaseModel):
    """With an example."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"a": 1}], "x-kind": "demo"})

    a: int


class OldConfig(BaseModel):
    a: int

    class Config:
        extra = "forbid"
        title = "Old"
        json_schema_extra = {"example": {"a": 2}}


class Keyworded(BaseModel, extra="forbid", title="By keyword"):
    a: int


class Described(BaseModel):
    """
    A docstring over lines.

        Indented.
    Not indented.
    """

    a: int


class DocumentedAttributes(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    a: int
    """The a."""
    b: str = "x"
    """
    The b,
    over lines.
    """
    c: int = Field(description="Given")
    """Not taken."""


class EnumValues(BaseModel):
    model_config = ConfigDict(use_enum_values=True)

    color: Color = Color.RED


class Private(BaseModel):
    a: int
    _hidden: int = 3
    _made: str = PrivateAttr(default="x")
    LIMIT: ClassVar[int] = 5
    names: ClassVar[List[str]] = []
    quoted: "ClassVar[int]" = 3

    @property
    def doubled(self) -> int:
        return self.a * 2

    @computed_field
    @property
    def tripled(self) -> int:
        return self.a * 3

    def method(self) -> int:
        return self.a


class Validated(BaseModel):
    a: int
    b: str = "x"

    @field_validator("a")
    @classmethod
    def check_a(cls, value):
        return value

    @field_validator("b", mode="before")
    @classmethod
    def check_b(cls, value):
        return value

    @model_validator(mode="after")
    def check_all(self):
        return self

    @field_serializer("a")
    def write_a(self, value):
        return str(value)


# --- inheritance -----------------------------------------------------------------------------------


class Base(BaseModel):
    """The base."""

    model_config = ConfigDict(extra="forbid")

    a: int
    b: str = "b"


class Child(Base):
    c: float


class Overriding(Base):
    """Changes b."""

    model_config = ConfigDict(title="Changed")

    b: int = Field(default=2, description="Another b")


class Mixin(BaseModel):
    mixed: bool = False


class Several(Child, Mixin):
    d: int


class Abstract(BaseModel, ABC):
    a: int


class Empty(BaseModel):
    pass


class EmptyDocumented(BaseModel):
    """Nothing in it."""


# --- root models, dataclasses, dicts --------------------------------------------------------------------


class Tags(RootModel[List[str]]):
    """All tags."""


class Names(RootModel):
    root: List[str]


class DescribedRoot(RootModel):
    root: Dict[str, int] = Field(description="Counts by name", min_length=1)


class ItemsRoot(RootModel[List[Item]]):
    pass


class ItemRoot(RootModel[Item]):
    pass


class DefaultRoot(RootModel[int]):
    root: int = 5


class WithRoot(BaseModel):
    tags: Tags
    maybe: Optional[Names] = None


class Foreign(BaseModel):
    address: Address
    loose: Loose
    point: Point
    checked: Checked
    maybe: Optional[Point] = None
    listed: List[Address]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog", "puppy"]


class Pets(BaseModel):
    pet: Union[Cat, Dog] = Field(discriminator="kind")
    pets: List[Annotated[Union[Cat, Dog], Field(discriminator="kind")]]
    maybe: Optional[Union[Cat, Dog]] = Field(default=None, discriminator="kind")


class Various(pydantic.BaseModel):
    by_module: pydantic.PositiveInt
    field_by_module: int = pydantic.Field(ge=3)
    typed_by_module: t.Optional[t.List[int]] = None
    user: UserId
    users: List[UserId]
    transparent: t.Final[int] = 3


class Keywords(BaseModel):
    schema_: str = Field(alias="schema")
    from_: int = Field(0, alias="from")
    model: str
    type: str = "t"
    dict_of: dict[str, str] = {}
    list_of: list[int] = [1, 2]


class ModelConfigAnnotated(BaseModel):
    model_config: ConfigDict = ConfigDict(extra="allow")
    a: Optional[dict[str, Any]] = None


# --- what authors do as well ------------------------------------------------------------------------


class Careless(BaseModel):
    none_for_text: str = None
    none_by_field: str = Field(default=None, description="None, though it is a text")
    text_for_number: int = "5"
    optional_any: Optional[Any] = None
    optional_dict: Optional[Dict[str, Any]] = None
    optional_list: Optional[List[Item]] = Field(default_factory=list)
    list_or_none: list[str] | None = []
    union_default: Union[str, int, None] = "x"
    any_or_none: Any | None = None
    nested: Dict[str, Optional[List[Dict[str, Item]]]] = {}
    deep: List[List[Optional[Item]]] = [[]]
    maybe_enum: Optional[Color] = Color.RED
    long_default: str = """
    over
        lines
    """
    unicode: str = Field("é – 😀", description="naïve “quotes”")
    examples: List[str] = Field(default=["a"], examples=[["a", "b"]], title="Some examples")
    big: int = 10**12
    small: float = 1e-5
    large: float = 1e20
    shifted: int = 60 * 60 * 24
    path: Path = Path("output/report.md")
    boolean: bool = not True
    many: Annotated[Optional[List[Annotated[str, Field(min_length=1)]]], Field(max_length=3)] = None
    keyword_dict: Dict[str, int] = Field(default_factory=lambda: {"a": 1})
    ge_and_le: Optional[float] = Field(None, ge=0.0, le=1.0)
    alias_with_default: int = Field(7, alias="sevenTimes", description="Aliased")


class Diamond0(BaseModel):
    a: int
    shared: str = "0"


class Diamond1(Diamond0):
    b: int
    shared: str = "1"


class Diamond2(Diamond0):
    c: int
    shared: str = "2"


class Diamond3(Diamond1, Diamond2):
    d: int


class Level1(BaseModel):
    """Level 1."""

    model_config = ConfigDict(title="Titled level")


class Level2(Level1):
    x: int


class DictBase(TypedDict):
    a: int


class DictChild(DictBase, total=False):
    """A child."""

    b: t.Required[str]
    c: Optional[int]


@dataclass
class PlainBase:
    a: int


@dataclass
class PlainChild(PlainBase):
    b: str = "b"
    c: Optional[Item] = None
    d: List[int] = field(default_factory=lambda: [1])


class Unknowable(Enum):
    """With a method."""

    ONE = "one"
    TWO = "two"

    @property
    def label(self) -> str:
        return self.value.title()

    @classmethod
    def first(cls) -> "Unknowable":
        return cls.ONE


class Weight(float, Enum):
    LIGHT = 0.5
    HEAVY = 2.5


class Lists(Enum):
    A = [1, 2]
    B = [3]


class Mixed(BaseModel):
    child: DictChild
    plain: PlainChild
    method: Unknowable = Unknowable.ONE
    weight: Weight = Weight.HEAVY
    lists: Lists
    level: Level2
    recursive_root: "RecursiveRoot"


class RecursiveRoot(RootModel[Dict[str, "RecursiveRoot"]]):
    pass


class UnionRoot(RootModel[Union[Item, List[Item], None]]):
    """One or many."""


class Circle(BaseModel):
    kind: Literal["circle"] = "circle"
    radius: float = Field(gt=0)


class Square(BaseModel):
    kind: Literal["square"] = "square"
    side: float


Shape = Annotated[Union[Circle, Square], Field(discriminator="kind", description="A shape")]


class Drawing(BaseModel):
    shapes: List[Shape]
    main: Optional[Shape] = None
    by_name: Dict[str, Shape] = {}


class InnerEnumUse(BaseModel):
    class Status(str, Enum):
        ON = "on"

    DEFAULT: ClassVar[str] = "on"
    status: Status = Status.ON
    statuses: List[Status] = [Status.ON]
    reason: Optional["InnerEnumUse.Status"] = None


class Generated(BaseModel):
    model_config = ConfigDict(json_schema_extra={"required": ["a"], "description": "Given"})

    a: int = 1


class Stacked(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, validate_assignment=True, frozen=True)

    a: str = Field(frozen=True, exclude=True, repr=False)
    b: int = Field(default=1, validate_default=True, kw_only=True)
    c: Optional[str] = Field(default=None, json_schema_extra={"title": "From extra"})
    d: str = Field(title="First", json_schema_extra={"title": "Second"})


class PlainMixin:
    mixed_in: int = 1

    def helper(self) -> int:
        return self.mixed_in


class WithPlainMixin(PlainMixin, BaseModel):
    own: str


class Nested1(BaseModel):
    first: Optional[Annotated[int, Field(title="Inner")]] = None
    each: List[Annotated[str, Field(description="each", title="T", examples=["x"])]] = []
    values: Dict[str, Annotated[int, Field(title="Value", description="v")]] = {}
    either: Union[Annotated[int, Field(ge=1)], Annotated[str, Field(min_length=1)]] = 1
    outer: Annotated[float, Field(ge=0)] | None = Field(None, le=1)
    listed: Annotated[list[str] | None, Field(min_length=1)] = None
    int: str
    flag: Optional[bool] = None
