import { NO_WEBHOOKS, newRun, type RunWithInputs } from '../../src/runs/run.ts'

/** A run as kickoff makes it. */
export function queuedRun(fields: Partial<RunWithInputs> = {}): RunWithInputs {
  const given = {
    crew: 'research',
    version: 'v1',
    codeHash: '',
    inputs: {},
    meta: {},
    webhooks: NO_WEBHOOKS,
    simulated: false,
  }
  return { ...newRun({ ...given, ...fields }, 1_000), ...fields }
}
