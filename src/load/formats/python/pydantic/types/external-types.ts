import { ANY, type Core, core, NONE } from './core.ts'

const text = (format: string) => core('function-after', { type: 'string', format })
const url = (maxLength: number | null) =>
  core('function-wrap', {
    type: 'string',
    format: 'uri',
    minLength: 1,
    ...(maxLength === null ? {} : { maxLength }),
  })
const int = (bounds: object = {}) => core('int', { type: 'integer' }, { bounds: { ...bounds } })
const float = (bounds: object = {}) => core('float', { type: 'number' }, { bounds: { ...bounds } })
const STRING = core('str', { type: 'string' })
const secret = (format: string) =>
  core('function-after', { type: 'string', format, writeOnly: true })
const timed = (type: string, format: string) => core(type, { type: 'string', format })

/** Types without arguments, by where they come from. */
export const EXTERNAL_TYPES: ReadonlyMap<string, Core> = new Map<string, Core>([
  ['builtins:str', STRING],
  ['builtins:int', int()],
  ['builtins:float', float()],
  ['builtins:bool', core('bool', { type: 'boolean' })],
  ['builtins:bytes', core('bytes', { type: 'string', format: 'binary' })],
  ['builtins:complex', core('complex', { type: 'string' })],
  ['builtins:object', ANY],
  ['typing:Any', ANY],
  ['typing:LiteralString', STRING],
  ['typing:Text', STRING],
  ['types:NoneType', NONE],
  ['datetime:date', timed('date', 'date')],
  ['datetime:datetime', timed('datetime', 'date-time')],
  ['datetime:time', timed('time', 'time')],
  ['datetime:timedelta', timed('timedelta', 'duration')],
  ['decimal:Decimal', core('decimal', {})],
  ['uuid:UUID', timed('uuid', 'uuid')],
  ['pathlib:Path', text('path')],
  ['pathlib:PurePath', text('path')],
  ['os:PathLike', text('path')],
  ['re:Pattern', text('regex')],
  ['typing:Pattern', text('regex')],
  ['ipaddress:IPv4Address', text('ipv4')],
  ['ipaddress:IPv6Address', text('ipv6')],
  ['ipaddress:IPv4Network', text('ipv4network')],
  ['ipaddress:IPv6Network', text('ipv6network')],
  ['pydantic:EmailStr', text('email')],
  ['pydantic:NameEmail', text('name-email')],
  ['pydantic:AnyUrl', url(null)],
  ['pydantic:AnyHttpUrl', url(null)],
  ['pydantic:HttpUrl', url(2083)],
  ['pydantic:AnyWebsocketUrl', url(null)],
  ['pydantic:WebsocketUrl', url(2083)],
  ['pydantic:FileUrl', url(null)],
  ['pydantic:FtpUrl', url(null)],
  ['pydantic:IPvAnyAddress', text('ipvanyaddress')],
  ['pydantic:IPvAnyNetwork', text('ipvanynetwork')],
  ['pydantic:IPvAnyInterface', text('ipvanyinterface')],
  ['pydantic:FilePath', text('file-path')],
  ['pydantic:DirectoryPath', text('directory-path')],
  ['pydantic:NewPath', text('path')],
  ['pydantic:SecretStr', secret('password')],
  ['pydantic:SecretBytes', secret('password')],
  ['pydantic:UUID1', text('uuid1')],
  ['pydantic:UUID3', text('uuid3')],
  ['pydantic:UUID4', text('uuid4')],
  ['pydantic:UUID5', text('uuid5')],
  ['pydantic:StrictStr', STRING],
  ['pydantic:StrictInt', int()],
  ['pydantic:StrictFloat', float()],
  ['pydantic:StrictBool', core('bool', { type: 'boolean' })],
  ['pydantic:StrictBytes', core('bytes', { type: 'string', format: 'binary' })],
  ['pydantic:PositiveInt', int({ gt: 0 })],
  ['pydantic:NonNegativeInt', int({ ge: 0 })],
  ['pydantic:NegativeInt', int({ lt: 0 })],
  ['pydantic:NonPositiveInt', int({ le: 0 })],
  ['pydantic:PositiveFloat', float({ gt: 0 })],
  ['pydantic:NonNegativeFloat', float({ ge: 0 })],
  ['pydantic:NegativeFloat', float({ lt: 0 })],
  ['pydantic:NonPositiveFloat', float({ le: 0 })],
  ['pydantic:FiniteFloat', float()],
  ['pydantic:PastDate', text('date')],
  ['pydantic:FutureDate', text('date')],
  ['pydantic:PastDatetime', text('date-time')],
  ['pydantic:FutureDatetime', text('date-time')],
  ['pydantic:AwareDatetime', text('date-time')],
  ['pydantic:NaiveDatetime', text('date-time')],
  [
    'pydantic:Json',
    core('json', { type: 'string', contentMediaType: 'application/json', contentSchema: {} }),
  ],
])

/** Types that hold others, by where they come from, and what kind of container pydantic makes of them. */
export const CONTAINERS: ReadonlyMap<string, string> = new Map([
  ['builtins:list', 'list'],
  ['typing:Sequence', 'sequence'],
  ['typing:MutableSequence', 'list'],
  ['typing:Iterable', 'generator'],
  ['typing:Generator', 'generator'],
  ['typing:deque', 'deque'],
  ['builtins:set', 'set'],
  ['builtins:frozenset', 'frozenset'],
  ['builtins:tuple', 'tuple'],
  ['builtins:dict', 'dict'],
  ['typing:Mapping', 'mapping'],
  ['typing:MutableMapping', 'mapping'],
  ['typing:OrderedDict', 'mapping'],
  ['typing:DefaultDict', 'mapping'],
  ['typing:Counter', 'counter'],
])

/** What stands for its argument alone. */
export const TRANSPARENT: ReadonlySet<string> = new Set([
  'typing:Final',
  'typing:Required',
  'typing:NotRequired',
  'typing:ReadOnly',
  'pydantic:SerializeAsAny',
])
