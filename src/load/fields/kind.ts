/** The fields that CrewAI knows for one kind of section, in our spelling. Source: CrewAI 1.x, the fields of its classes. */
export interface Kind {
  readonly noun: string
  /** Fields that count here. */
  readonly supported: readonly string[]
  /** Fields that have no effect yet, with CrewAI's default: any other value is worth a warning. */
  readonly unsupported: Readonly<Record<string, unknown>>
  /** Fields that change nothing about the result of a run. */
  readonly silent: readonly string[]
  /** Where what nobody knows may go, for people. */
  readonly others?: string
  /** Fields that are maps of fields themselves. */
  readonly nested?: Readonly<Record<string, Kind>>
}
