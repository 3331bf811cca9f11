import { expect, test } from 'vitest'
import { describeLeft, describeWithoutEffect } from '../../../src/load/import/describe-import.ts'
import { type ImportFormat, importProject } from '../../../src/load/import/import-project.ts'
import { describeProblem } from '../../../src/load/problem.ts'
import { temporaryCrews } from '../../harness/temporary-crews.ts'
import { AGENTS, crewClass, type Files, METHODS, TASKS } from '../python/read-crew.ts'

const WRITER = "config=self.agents_config['writer']"

/** The crew of a project as ours; of the classic files when none are given. */
async function importOf(changes: Files, format: ImportFormat = 'yaml') {
  const files = {
    'pyproject.toml': '',
    'src/demo/crew.py': crewClass(METHODS),
    'src/demo/config/agents.yaml': AGENTS,
    'src/demo/config/tasks.yaml': TASKS,
    ...changes,
  }
  using project = temporaryCrews(files)
  const { crews, problems } = await importProject({
    dir: project.path,
    format,
    checkModel: () => null,
  })
  const [imported] = crews
  if (imported === undefined) throw new Error(problems.map(describeProblem).join('\n'))
  const text = Object.values(imported.files).join('\n')
  return { ...imported, text, left: describeLeft(imported, 'crews/demo') }
}

const withWriter = (more: string) => crewClass(METHODS.replace(WRITER, `${WRITER}, ${more}`))

const KEY = 'sk-proj-abcdefghijklmnopqrstuvwx'

test.each([
  ['in a model', { 'src/demo/crew.py': withWriter(`llm=LLM(model='gpt-4o', api_key='${KEY}')`) }],
  [
    'in a header',
    {
      'src/demo/crew.py': withWriter(
        `llm=LLM(model='gpt-4o', extra_headers={'X-Api-Key': '${KEY}'})`,
      ),
    },
  ],
  [
    'in YAML',
    {
      'src/demo/config/agents.yaml': `${AGENTS}  embedder: {provider: openai, config: {api_key: ${KEY}}}\n`,
    },
  ],
  [
    'in a prompt',
    { 'src/demo/config/agents.yaml': AGENTS.replace('You know how', `Use ${KEY}. You know how`) },
  ],
  [
    'for a tool',
    {
      'src/demo/crew.py': `from crewai_tools import SerperDevTool\n${withWriter(`tools=[SerperDevTool(api_key='${KEY}')]`)}`,
    },
  ],
  [
    'in .env',
    {
      '.env': `SOME_TOKEN=${KEY.slice(3)}\n`,
      'src/demo/crew.py': withWriter(`role='Writer with ' + os.environ['SOME_TOKEN']`),
    },
  ],
] as const)('a secret %s is not written', async (_, changes) => {
  for (const format of ['yaml', 'typescript'] as const) {
    const { text, left } = await importOf(changes, format)
    expect(text + left.join('\n')).not.toContain('abcdefghijklmnop')
  }
})

test('a secret becomes a variable, which has to be set', async () => {
  const { text, left } = await importOf({
    'src/demo/crew.py': withWriter(`llm=LLM(model='gpt-4o', api_key='${KEY}')`),
  })
  expect(text).toContain(`api_key: \${API_KEY}`)
  expect(left).toEqual([
    'set API_KEY in the environment, or in crews/demo/.env: it was written out in agents.writer.llm.api_key, and is not copied',
  ])
})

test('a key that is none is left as it is', async () => {
  const { text, left } = await importOf({
    'src/demo/crew.py': withWriter("llm=LLM(model='ollama/llama3', api_key='NA', max_tokens=100)"),
  })
  expect(text).toContain('api_key: NA')
  expect(left).toEqual([])
})

test('the settings of models keep the names of variables, whatever .env says', async () => {
  const { text } = await importOf({
    '.env': 'MODEL=gpt-4o\nBASE=http://localhost:1/v1\n',
    'src/demo/crew.py': withWriter(
      "llm=LLM(model=os.getenv('MODEL'), base_url=os.getenv('BASE', 'http://other:1/v1'))",
    ),
  })
  expect(text).toContain(`model: \${MODEL}`)
  expect(text).toContain(`base_url: \${BASE:-http://other:1/v1}`)
})

test('inputs are listed with what the project itself gives them', async () => {
  const { files } = await importOf({
    'src/demo/config/tasks.yaml': TASKS.replace('Write it up', 'Write {pages} pages for {reader}'),
    'src/demo/main.py': `
def run():
    inputs = {'topic': 'AI LLMs', 'pages': 3, 'reader': input()}
    Demo().crew().kickoff(inputs=inputs)
`,
  })
  expect(files['crew.yaml']).toBe(`# What a kickoff must bring:
# - topic, e.g. "AI LLMs"
# - pages, e.g. 3
# - reader
`)
})

test('a tool that the project has in TypeScript is copied', async () => {
  const tool = "import { defineTool } from 'coxswain'\n// mine\n"
  const { files, left } = await importOf({
    'tools/search.ts': tool,
    'src/demo/config/agents.yaml': `${AGENTS}  tools: [search]\n`,
  })
  expect(files['tools/search.ts']).toBe(tool)
  expect(files['config/agents.yaml']).toContain('tools:\n    - search\n')
  expect(left).toEqual([])
})

test("the tools of a JSON crew are read from their files, and CrewAI's own are known", async () => {
  using project = temporaryCrews({
    'crew.jsonc': JSON.stringify({
      agents: ['a'],
      tasks: [{ name: 't', description: 'D', expected_output: 'E', agent: 'a' }],
    }),
    'agents/a.jsonc': JSON.stringify({
      role: 'R',
      goal: 'G',
      backstory: 'B',
      tools: ['custom:compass', 'SerperDevTool', 'serper_dev'],
    }),
    'tools/compass.py': `from crewai.tools import BaseTool
class Compass(BaseTool):
    name: str = "Compass"
    description: str = "Tells where north is."
    def _run(self, place: str) -> str:
        return "up"
`,
  })
  const { crews } = await importProject({
    dir: project.path,
    format: 'yaml',
    checkModel: () => null,
  })
  const files = crews[0]?.files ?? {}
  expect(files['tools/compass.ts']).toContain("description: 'Tells where north is.',")
  expect(files['tools/compass.ts']).toContain('place: z.string(),')
  expect(files['tools/serper-dev-tool.ts']).toContain('search_query: z')
})

test('what Python alone can give is left out with its place, and what has no effect is told', async () => {
  const imported = await importOf({
    'src/demo/crew.py': withWriter('llm=make(), reasoning=True, speed=3').replace(
      '@CrewBase',
      'def make():\n    return object()\n\n@CrewBase',
    ),
  })
  expect(imported.left).toEqual([
    expect.stringMatching(
      /^agents\.writer\.llm \(src\/demo\/crew\.py:\d+\): its model is `.*`, at src/,
    ),
  ])
  expect(describeWithoutEffect(imported)).toEqual([
    expect.stringMatching(
      /^agents\.writer\.reasoning \(src\/demo\/crew\.py:\d+\): has no effect yet$/,
    ),
    expect.stringMatching(
      /^agents\.writer\.speed \(src\/demo\/crew\.py:\d+\): is no field of an agent/,
    ),
  ])
})

test('what is said of inputs is kept, in the spelling of the format', async () => {
  const changes = { 'crew.yaml': 'inputs: {topic: {type: string, min_length: 3, default: tea}}\n' }
  const { files: yaml } = await importOf(changes)
  const { files: typescript } = await importOf(changes, 'typescript')
  expect(yaml['crew.yaml']).toContain('  topic:\n    type: string\n    min_length: 3\n')
  expect(typescript['crew.ts']).toContain("topic: {\n      type: 'string',\n      minLength: 3,")
})
