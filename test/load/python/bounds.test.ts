import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crewClass, HEAD, METHODS, mistakesOf, readProject } from './read-crew.ts'

const top = (text: string) => crewClass(METHODS).replace('@CrewBase', () => `${text}\n\n@CrewBase`)
const agentOf = (passed: string) =>
  crewClass(
    METHODS.replace("agents_config['writer'])", () => `agents_config['writer'], ${passed})`),
  )

test('what would take forever, or all memory, is told from the rest of the crew', async () => {
  const texts = [
    top('def f(n):\n    return f(n) + f(n)\nVALUE = f(1)').replace(
      "['writer'])",
      "['writer'], goal=VALUE)",
    ),
    agentOf('goal="a" * 10**9'),
    agentOf('goal=[[1] * 9999] * 9999'),
    agentOf('goal=[x for a in range(9999) for b in range(9999) for x in [a]]'),
    agentOf('max_iter=10 ** 10 ** 10'),
    top('A = B\nB = A').replace("['writer'])", "['writer'], goal=A)"),
    top('def f():\n    return f()').replace("['writer'])", "['writer'], goal=f())"),
    top(`X = 1${' + 1'.repeat(30_000)}`).replace("['writer'])", "['writer'], max_iter=X)"),
    top(`X = a${'.b'.repeat(30_000)}`).replace("['writer'])", "['writer'], goal=X)"),
    top('from demo.crew import *\nfrom .crew import *').replace(
      "['writer'])",
      "['writer'], goal=nothing)",
    ),
    top('class A(A):\n    pass\nclass B(C):\n    pass\nclass C(B):\n    pass').replace(
      "['writer'])",
      "['writer'], goal=C().x)",
    ),
    top(
      'x = []\nx.append(x)\nfor i in range(5000):\n    for j in range(5000):\n        x.append(j)',
    ).replace("['writer'])", "['writer'], goal=x)"),
    agentOf('goal=self.writer()'),
    agentOf('goal=self.crew()'),
    agentOf('goal={**self.__dict__}, role=self'),
  ]
  for (const text of texts) {
    const { crew, mistakes } = await readProject(text)
    expect(crew !== null || mistakes.length > 0).toBe(true)
  }
})

test('reading ends with a message when it takes too many steps', async () => {
  const text = top(
    'def f(n):\n    for i in range(9999):\n        for j in range(9999):\n            n = j\n    return n',
  ).replace("['writer'])", "['writer'], max_iter=f(1))")
  expect(await mistakesOf(text)).toEqual([
    'src/demo/crew.py:1:1: : takes too many steps to be read',
  ])
})

/** Pieces of Python that are put together at random. */
const WORDS = fc.constantFrom(
  ...`self def class return if else elif for in while try except finally with as import from lambda yield await async
  raise pass global not and or is None True False 1 2.5 "text" f"{x}" x y self.agents_config self.tasks ( ) [ ] { } , : . = == + -
  * ** / // % @ := -> ... Agent Task Crew LLM os.getenv @agent @task @crew .format( .append( .get( .copy() ['writer'] (config=
  tools=[ *args **kwargs # \\ ; $ ? 0x 1e 'a' b"x" r"\\" """ \t`.split(/ +|\n */),
)
const SOUP = fc.array(fc.oneof(WORDS, fc.constantFrom('\n', '\n    ', '\n        ', '  ')), {
  maxLength: 60,
})

test('any Python at all is read or refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      SOUP,
      fc.constantFrom('top', 'body', 'method', 'file'),
      async (words, where) => {
        const soup = words.join(' ')
        const text =
          where === 'file'
            ? `${HEAD}@CrewBase\nclass Demo:\n    @crew\n${soup}`
            : {
                top: top(soup),
                body: crewClass(`${METHODS}\n${soup}`),
                method: crewClass(
                  METHODS.replace('return Agent(', () => `${soup}\n    return Agent(`),
                ),
              }[where]
        const { crew, mistakes } = await readProject(text)
        expect(crew !== null || mistakes.length > 0).toBe(true)
        // Whatever is told can be written down.
        expect(() => JSON.stringify(crew)).not.toThrow()
      },
    ),
    { numRuns: 300 },
  )
})

test('any text, bytes of the parser and all, is read or refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
      const { crew, mistakes } = await readProject(top(text))
      expect(crew !== null || mistakes.length > 0).toBe(true)
    }),
    { numRuns: 100 },
  )
})

test('files that only look like crews cost little', async () => {
  const files = {
    'words.py': 'crewai '.repeat(30_000),
    'marks.py': `CrewBase\n${'@a.b.c\n'.repeat(30_000)}`,
    'broken.py': `@CrewBase\n${'  @x\n'.repeat(30_000)}class`,
    'src/demo/crew.py': crewClass(METHODS),
  }
  const { crew } = await readProject(files)
  expect(crew?.name).toBe('Demo')
})
