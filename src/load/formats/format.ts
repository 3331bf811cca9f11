import type { CrewCode } from '../../workers/crew-code.ts'
import type { Report } from '../problem.ts'
import type { CrewSource, Notation } from '../source.ts'

/** A folder in which crews are looked for. */
export interface CrewFolder {
  readonly dir: string
  /** Takes what is wrong with the folder as a whole. It keeps none of the crews found from being served. */
  readonly report: Report
}

/** A way to write crews down. */
export interface Format extends Notation {
  /** For people, e.g. `CrewAI's YAML`. */
  readonly name: string
  /**
   * The crews of a folder in this format; none is no problem. Whatever is read on the way may be kept for
   * {@link Found.read}: each crew found is read at most once.
   */
  find(folder: CrewFolder): Promise<readonly Found[]>
}

/** A crew that is there, and not read yet. */
export interface Found {
  /**
   * What tells it from others of its folder: small letters, digits, `-` and `_`. When the folder has no other, the crew
   * is called like the folder; else `<folder>-<name>`.
   */
  readonly name: string
  /**
   * The files it is written in, relative to the folder. Those of two formats are a crew that is defined twice, unless
   * the one has all files of the other: a project's `config/agents.yaml` belongs to its `crew.py`.
   */
  readonly files: readonly string[]
  /** Null: cannot be read, which is reported. */
  read(reading: CrewReading): Promise<CrewSource | null>
}

export interface CrewReading {
  readonly dir: string
  /** Of this crew alone: an error keeps it from being served, and no other. */
  readonly report: Report
  /** The crew's TypeScript. */
  readonly code: CrewCode
  /** True: the settings of models keep the names of variables, whatever the project's own are set to. */
  readonly namesVariables?: boolean
}
