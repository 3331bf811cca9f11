import type { ToolStub } from '../tool-stubs.ts'
import { type Code, literal, quote } from './code.ts'
import { inBraces, printCode } from './print-code.ts'
import { type Definition, zodOf } from './zod-of.ts'

/** What stands for a description that nobody knows. */
const NO_DESCRIPTION = 'TODO: what this tool does, and when to use it'
const WIDTH = 100

/** The file of a tool that is still to be written: a model sees it as it will be, and is told so when it calls it. */
export function stubFile(stub: ToolStub): string {
  const { name, title, description, parameters } = stub
  const zod = zodOf(parameters)
  const entries = [
    { name: 'name', value: literal(title) },
    { name: 'description', value: literal(description ?? NO_DESCRIPTION) },
    { name: 'parameters', value: zod.parameters },
  ]
  const fields = inBraces(entries, 0).slice(0, -1)
  const unknown = parameters === null ? '  // TODO: what it has to be told\n' : ''
  const error = `${title} is not written yet: tools/${name}.ts has to do what the Python did, ${stub.at}.`
  return `import { defineTool } from 'coxswain'
import { z } from 'zod'

${zod.definitions.map(definitionOf).join('')}/** Stands for ${inComment(describeOrigin(stub))}. */
export default defineTool(${fields.replace(/^ {2}parameters:/m, (line) => unknown + line)}  execute() {
    ${throwing(error)}
  },
})
`
}

function definitionOf({ name, code, isRecursive }: Definition): string {
  const start = `const ${name}${isRecursive ? ': z.ZodType' : ''} = `
  return `${start}${printCode(code, { indent: 0, column: start.length, after: 0 })}\n\n`
}

function throwing(message: string): string {
  const line = `throw new Error(${quote(message)})`
  return line.length + 4 <= WIDTH
    ? line
    : `throw new Error(\n      ${printCode(literal(message) as Code, { indent: 6, column: 6, after: 1 })},\n    )`
}

/** What it stands for, and where that is. */
export function describeOrigin({ stands, module, at }: ToolStub): string {
  return `\`${stands}\`${module === null ? '' : ` of ${module}`}, at ${at} of the project`
}

/** In one line, and without the end of a comment. */
function inComment(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /')
}
