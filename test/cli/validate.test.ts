import { expect, test } from 'vitest'
import { coxswain } from '../harness/coxswain.ts'
import { temporaryCrews } from '../harness/temporary-crews.ts'
import { PYTHON } from '../workers/python/python-lab.ts'

const python = test.runIf(PYTHON !== null)

const CREW = `
from crewai import Agent, Crew, Task
from demo.tools import WordCount

writer = Agent(role="Writer", goal="Write", backstory="You write.", tools=[WordCount()])
write = Task(description="Write.", expected_output="A page.", agent=writer)
crew = Crew(agents=[writer], tasks=[write])
`

const TOOLS = `
import not_there_at_all
from crewai.tools import BaseTool

class WordCount(BaseTool):
    name: str = "Word count"
    description: str = "Counts the words of a text."

    def _run(self, text: str) -> str:
        return str(len(text.split()))
`

python(
  'validate fails on a tool that cannot be loaded, though its file tells all of it',
  async () => {
    using crews = temporaryCrews({
      'demo/pyproject.toml': '[project]\nname = "demo"\n',
      'demo/src/demo/crew.py': CREW,
      'demo/src/demo/tools.py': TOOLS,
    })
    const env = { CREWS_DIR: crews.path, COXSWAIN_PYTHON: PYTHON ?? '' }

    const { code, stdout } = await coxswain(['validate'], env)

    expect(stdout).toContain('the package not-there-at-all is not installed')
    expect(code).toBe(1)
  },
)
