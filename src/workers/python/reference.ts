import type { Reference } from '../protocol.ts'

/** A value that only Python can tell: an expression of the crew's files, and where its names come from. */
export interface PythonReference extends Reference {
  /** Python, e.g. `CalculatorTool()`. */
  readonly expr: string
  /** Every name that the expression uses and Python itself does not have. */
  readonly names: PythonNames
  /** Where it stands, e.g. `src/stock_analysis/crew.py:30`, for messages. */
  readonly at: string
}

export type PythonNames = Readonly<Record<string, NameSource>>

/** What a name stands for. Every source is evaluated once, so that what is shared stays shared. */
export type NameSource =
  /** A module or something in one, e.g. `tools.calculator_tool:CalculatorTool`. */
  | { readonly import: string }
  /** A value as JSON. */
  | { readonly value: unknown }
  /** The name of a variable of the environment; None when it is not set. */
  | { readonly env: string }
  | { readonly list: readonly NameSource[] }
  | { readonly expr: string; readonly names: PythonNames }
  /** An instance of the crew's class, e.g. `stock_analysis.crew:StockAnalysisCrew`. */
  | { readonly self: string }
