import { expect, test } from 'vitest'
import { startModelServer } from '../harness/model-server.ts'
import { RESEARCH_CREW, startTestServer } from '../harness/server.ts'

test('a crew is asked with the variables of its own, while others are simulated', async () => {
  await using model = await startModelServer()
  const own = `OPENAI_BASE_URL=${model.baseUrl}\nOPENAI_API_KEY=own-key\nMODEL=own-model\n`
  await using server = await startTestServer({
    crews: { anna: { ...RESEARCH_CREW, '.env': own }, ben: RESEARCH_CREW },
    // Not said, and so on: the server has no model.
    env: { COXSWAIN_SIMULATE: '', DEFAULT_CREW: 'ben' },
  })
  const kickoff = async (crew: string) => {
    const { body } = await server.post(`/crews/${crew}/kickoff`, { inputs: { topic: 'bees' } })
    return server.until(body.kickoff_id, 'SUCCESS')
  }

  const [ofAnna, ofBen] = [await kickoff('anna'), await kickoff('ben')]

  expect([ofAnna.simulated, ofBen.simulated]).toEqual([false, true])
  expect(model.calls.map(({ authorization, body }) => [authorization, body.model])).toEqual([
    ['Bearer own-key', 'own-model'],
    ['Bearer own-key', 'own-model'],
  ])
})
