import { orAborted } from './abort.ts'
import { type Model, ModelError, type ModelReply, type ModelRequest } from './model.ts'
import { requestProblem } from './request-problem.ts'
import { checkReply, checkStep, type ScriptedStep, toModelReply } from './scripted-step.ts'

export interface ScriptedModel extends Model, Disposable {
  /** Every request so far, in the order of the calls. Frozen. */
  readonly requests: readonly ModelRequest[]
  /**
   * Disposing the model does the same: `using model = scriptedModel([…])`.
   *
   * @throws Error when steps are left, or whatever went wrong first
   */
  assertDone(): void
}

/**
 * A strict fake for tests: answers one call after the other from a script. It fails on a call that the script does not
 * have, on a step nobody called for, on a tool call for a tool that was not offered, on a request no provider would
 * take, and on the idempotency key of a call that has succeeded before. From then on every call and `assertDone()` fail,
 * so that a runtime that turns errors into text cannot hide it.
 *
 * Steps are handed out in the order of the calls: right for one run whose model calls follow each other; for agents
 * that call at the same time, give each agent its own. Usage is estimated from the lengths of the texts. An aborted
 * call has used up its step.
 *
 * @param options.name what the model is called; default `scripted/model`
 * @throws TypeError when a step is malformed
 */
export function scriptedModel(
  steps: readonly ScriptedStep[],
  options: { readonly name?: string } = {},
): ScriptedModel {
  for (const [index, step] of steps.entries()) checkStep(step, `step ${index + 1}`)
  const script = [...steps]
  const requests: ModelRequest[] = []
  const answeredKeys = new Set<string>()
  let violation: { readonly error: unknown } | null = null

  async function complete(given: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    signal.throwIfAborted()
    if (violation !== null) throw violation.error
    const request = frozenCopy(given)
    const call = requests.push(request)
    try {
      checkRequest(request, call, answeredKeys)
      const step = script[call - 1]
      if (step === undefined) throw unexpected(request, call, script.length)
      const reply = await orAborted(play(step, request, call), signal)
      answeredKeys.add(request.idempotencyKey)
      return reply
    } catch (error) {
      const intended = error instanceof ModelError || (signal.aborted && error === signal.reason)
      if (!intended) violation ??= { error }
      throw error
    }
  }

  function assertDone(): void {
    if (violation !== null) throw violation.error
    const left = script.slice(requests.length)
    if (left.length > 0)
      throw new Error(
        `Scripted model: ${left.length} of ${script.length} steps were not called for. The next one: ${describe(left[0])}.`,
      )
  }

  return {
    name: options.name ?? 'scripted/model',
    simulated: false,
    requests,
    complete,
    assertDone,
    [Symbol.dispose]: assertDone,
  }
}

function checkRequest(request: ModelRequest, call: number, answered: ReadonlySet<string>): void {
  const problem = answered.has(request.idempotencyKey)
    ? `its idempotencyKey ${request.idempotencyKey} is that of a call that has succeeded; every step needs its own`
    : requestProblem(request)
  if (problem !== null) throw new Error(`Scripted model, call ${call} is malformed: ${problem}.`)
}

function unexpected(request: ModelRequest, call: number, expected: number): Error {
  return new Error(
    `Scripted model, call ${call} (${request.idempotencyKey}) was not expected: the script has ${expected} steps. Its last message: ${JSON.stringify(request.messages.at(-1))}`,
  )
}

async function play(step: ScriptedStep, request: ModelRequest, call: number): Promise<ModelReply> {
  if (typeof step !== 'function') {
    await step.expect?.(request)
    return toModelReply(step, request, call)
  }
  const reply = await step(request)
  checkReply(reply, `the reply of step ${call}`)
  return toModelReply(reply, request, call)
}

function describe(step: ScriptedStep | undefined): string {
  return typeof step === 'function' ? 'a function' : JSON.stringify(step)
}

function frozenCopy(request: ModelRequest): ModelRequest {
  return deepFreeze(JSON.parse(JSON.stringify(request)) as ModelRequest)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
