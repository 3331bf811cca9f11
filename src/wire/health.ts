import { z } from 'zod'

/** Source: AMP's kickoff guide. */
export const Healthy = z.literal('Healthy')

export const Ok = z.object({ status: z.literal('ok') }).meta({
  id: 'Ok',
  description: 'All is well.',
})
