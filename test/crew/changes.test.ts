import { expect, test } from 'vitest'
import { z } from 'zod'
import { changesBetween } from '../../src/crew/changes.ts'
import type { Crew } from '../../src/crew/crew.ts'
import { type Definition, toDefinition } from '../../src/crew/definition.ts'
import { newChoice } from '../../src/llm/model-choice.ts'
import { defineTool, type ToolDefinition } from '../../src/tools/define-tool.ts'
import { makeAgent, makeCrew, makeTask } from '../harness/samples.ts'

const parameters = z.object({ word: z.string() })

function search(parts: Partial<ToolDefinition<typeof parameters>> = {}) {
  const texts = { name: 'Search', description: 'Searches.' }
  return defineTool({ ...texts, parameters, execute: () => 'found', ...parts })
}

const a = makeTask({ name: 'a' })
const b = makeTask({ name: 'b' })
const c = makeTask({ name: 'c' })

test.each<[string, Partial<Crew>, Partial<Crew>, object[]]>([
  ['nothing', {}, {}, []],
  [
    'the texts of a task',
    { tasks: [a, b] },
    { tasks: [a, makeTask({ name: 'b', description: '{topic}, {audience}!', humanInput: true })] },
    [{ part: 'task', name: 'b', change: 'changed', fields: ['description', 'humanInput'] }],
  ],
  [
    'a task more, one less, and the others in another order',
    { tasks: [a, b, makeTask({ name: 'old' })] },
    { tasks: [makeTask({ name: 'new' }), b, a] },
    [
      { part: 'crew', name: 'research', change: 'changed', fields: ['taskOrder'] },
      { part: 'task', name: 'old', change: 'removed', fields: [] },
      { part: 'task', name: 'new', change: 'added', fields: [] },
    ],
  ],
  [
    'a task between two others',
    { tasks: [a, c] },
    { tasks: [a, b, c] },
    [{ part: 'task', name: 'b', change: 'added', fields: [] }],
  ],
  [
    'an agent',
    { agents: [makeAgent(), makeAgent({ key: 'old' })] },
    { agents: [makeAgent({ llm: newChoice({ name: 'openai/gpt-4o' }), maxIter: 3 })] },
    [
      {
        part: 'agent',
        name: 'researcher',
        change: 'changed',
        fields: ['llm', 'maxIter'],
      },
      { part: 'agent', name: 'old', change: 'removed', fields: [] },
    ],
  ],
  [
    'the process, with a manager',
    {},
    { process: 'hierarchical', managerAgent: makeAgent({ key: 'boss' }), label: '2' },
    [
      {
        part: 'crew',
        name: 'research',
        change: 'changed',
        fields: ['managerAgent', 'process', 'version'],
      },
      { part: 'agent', name: 'boss', change: 'added', fields: [] },
    ],
  ],
  [
    'the tools of an agent',
    {},
    { agents: [makeAgent({ tools: [search()] })] },
    [
      { part: 'agent', name: 'researcher', change: 'changed', fields: ['tools'] },
      { part: 'tool', name: 'Search', change: 'added', fields: [] },
    ],
  ],
  [
    'a tool that two agents have, and not the agents',
    { agents: [makeAgent({ tools: [search()] }), makeAgent({ key: 'two', tools: [search()] })] },
    {
      agents: [
        makeAgent({ tools: [search({ description: 'Finds.', timeoutMs: 5 })] }),
        makeAgent({ key: 'two', tools: [search({ description: 'Finds.', timeoutMs: 5 })] }),
      ],
    },
    [{ part: 'tool', name: 'Search', change: 'changed', fields: ['description', 'timeoutMs'] }],
  ],
  [
    'inputs',
    { tasks: [makeTask({ description: '{topic} {audience} {old}' })] },
    {
      tasks: [makeTask({ description: '{topic} {audience} {new}' })],
      inputs: { audience: 'all' },
      inputAliases: { topic: ['subject'] },
    },
    [
      { part: 'task', name: 'research_task', change: 'changed', fields: ['description'] },
      { part: 'input', name: 'topic', change: 'changed', fields: ['aliases'] },
      { part: 'input', name: 'audience', change: 'changed', fields: ['default', 'required'] },
      { part: 'input', name: 'old', change: 'removed', fields: [] },
      { part: 'input', name: 'new', change: 'added', fields: [] },
    ],
  ],
  [
    'what inputs must be',
    { inputDeclarations: { topic: { schema: { type: 'string' }, sensitive: false } } },
    {
      inputDeclarations: {
        topic: { schema: { type: 'string', maxLength: 9, description: 'D' }, sensitive: true },
        audience: { schema: { type: 'integer' }, sensitive: false },
      },
    },
    [
      {
        part: 'input',
        name: 'topic',
        change: 'changed',
        fields: ['description', 'maxLength', 'sensitive'],
      },
      { part: 'input', name: 'audience', change: 'changed', fields: ['type'] },
    ],
  ],
])('what changes is listed: %s', (_, before, after, changes) => {
  const stored = JSON.parse(JSON.stringify(toDefinition(makeCrew(before)))) as Definition
  const now = toDefinition(makeCrew(after))

  expect(changesBetween(stored, now)).toEqual(changes)
})
