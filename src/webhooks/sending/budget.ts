/** Bounds the memory that bodies take, which may be long. */
export interface Budget {
  /** Resolves to a share when there is room. */
  take(): Promise<Share>
}

interface Share {
  /** Says how much it really is. */
  weigh(bytes: number): void
  give(): void
}

interface BudgetOptions {
  /** Once so much is taken, what comes waits; so this is exceeded by `maxUnweighed` bodies at most. */
  readonly maxBytes: number
  /** Shares that are taken and not weighed yet. */
  readonly maxUnweighed: number
}

export function createBudget({ maxBytes, maxUnweighed }: BudgetOptions): Budget {
  const waiting: (() => void)[] = []
  let takenBytes = 0
  let unweighed = 0

  function admit(): void {
    while (waiting.length > 0 && takenBytes < maxBytes && unweighed < maxUnweighed) {
      unweighed += 1
      waiting.shift()?.()
    }
  }

  function share(): Share {
    let ownBytes: number | null = null
    return {
      weigh(bytes) {
        unweighed -= 1
        ownBytes = bytes
        takenBytes += bytes
        admit()
      },
      give() {
        if (ownBytes === null) unweighed -= 1
        else takenBytes -= ownBytes
        admit()
      },
    }
  }

  return {
    take: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(share()))
        admit()
      }),
  }
}
