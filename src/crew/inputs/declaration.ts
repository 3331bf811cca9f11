export const INPUT_TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const
export type InputType = (typeof INPUT_TYPES)[number]

/** What a value must be: the part of JSON Schema (2020-12) that a crew can say of its inputs. */
export interface ValueSchema {
  readonly type: InputType
  readonly title?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly examples?: readonly unknown[]
  /** In characters (code points). */
  readonly minLength?: number
  readonly maxLength?: number
  /** One of {@link FORMATS}. */
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly items?: ValueSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly properties?: Readonly<Record<string, ValueSchema>>
  /** Of its properties, those that it must have. */
  readonly required?: readonly string[]
  /** Of properties that are not listed: whether there may be any, or what they must be. Absent: true. */
  readonly additionalProperties?: boolean | ValueSchema
}

/** What a crew's files say of one of its inputs. Its default stands among the defaults of the crew. */
export interface InputDeclaration {
  readonly schema: ValueSchema
  /** True: its value is filled into prompts, and told to nobody else. */
  readonly sensitive: boolean
}

export type InputDeclarations = Readonly<Record<string, InputDeclaration>>

/** Formats of texts that are checked, as a message calls them. */
export const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date', 'a date such as 2030-01-31'],
  ['date-time', 'a date and time such as 2030-01-31T12:00:00Z'],
  ['time', 'a time such as 12:00:00Z'],
  ['duration', 'a duration such as P1DT12H'],
  ['email', 'an e-mail address'],
  ['hostname', 'the name of a host'],
  ['ipv4', 'an IPv4 address'],
  ['ipv6', 'an IPv6 address'],
  ['uri', 'a URL such as https://example.com/'],
  ['uuid', 'a UUID'],
])
