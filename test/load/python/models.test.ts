import { expect, test } from 'vitest'
import { crewOf, fieldsOf, HEAD } from './read-crew.ts'

/** The model of a task's output, in a crew with what is given at the top of its file. */
async function modelOf(top: string): Promise<unknown> {
  const crew = await crewOf({
    'src/demo/crew.py': `${HEAD}
from pydantic import BaseModel, Field
${top}

@CrewBase
class Demo:
    @agent
    def researcher(self):
        return Agent(config=self.agents_config['researcher'])

    @task
    def research(self):
        return Task(config=self.tasks_config['research'], output_pydantic=Report)

    @crew
    def crew(self):
        return Crew(agents=self.agents, tasks=self.tasks)
`,
    'src/demo/__init__.py': '',
    'src/demo/types.py':
      'from pydantic import BaseModel\nLIMIT = 3\nclass Part(BaseModel):\n    """A part."""\n    size: int = LIMIT\n',
  })
  return fieldsOf(crew.tasks, 'research')['output_pydantic']
}

test('a model is told with those of other modules', async () => {
  const model = await modelOf('from .types import Part\nclass Report(BaseModel):\n    part: Part')

  expect(model).toMatchObject({
    known: {
      kind: 'model',
      name: 'Report',
      schema: {
        $defs: {
          Part: {
            description: 'A part.',
            properties: { size: { default: 3, title: 'Size', type: 'integer' } },
            title: 'Part',
            type: 'object',
          },
        },
        properties: { part: { $ref: '#/$defs/Part' } },
      },
    },
  })
})

test('a name that two classes have is left to Python, since what stands between them means the first', async () => {
  const model = await modelOf(`
class Part(BaseModel):
    a: int

class Report(BaseModel):
    part: Part

class Part(BaseModel):
    b: int
`)

  expect(model).toMatchObject({ known: { kind: 'model', name: 'Report', schema: null } })
})
