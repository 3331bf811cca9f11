import { readFileSync } from 'node:fs'

interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: Frame
  readonly children?: readonly number[]
}

interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  /** µs. */
  readonly timeDeltas: readonly number[]
}

/** By name, in µs. */
type Times = Map<string, number>

const TOP = 25

/**
 * Where the time of the loop's thread went, in ms for each of `count` units of work: by package, by function, and by function of ours with what it
 * calls. Time, not CPU time: what waits for the disk counts, what other threads do does not.
 */
export function describeProfile(file: string, count: number): string {
  const profile: Profile = JSON.parse(readFileSync(file, 'utf8'))
  const byPackage: Times = new Map()
  const byFunction: Times = new Map()
  const withCallees: Times = new Map()
  const stackOf = stacks(profile)
  for (const [index, id] of profile.samples.entries()) {
    const us = profile.timeDeltas[index] ?? 0
    const stack = stackOf(id)
    if (stack[0]?.functionName === '(idle)') continue
    add(byPackage, spell(stack, packageOf), us)
    add(byFunction, spell(stack, nameOf), us)
    const ours = stack.filter(({ url }) => url.includes('/src/')).map(nameOf)
    for (const name of new Set(ours)) add(withCallees, name, us)
  }
  return [
    table('by package', byPackage, count),
    table('by function, alone', byFunction, count),
    table('by function of ours, with what it calls', withCallees, count),
  ].join('\n')
}

/** Frames of a node, from the innermost to the root. */
function stacks({ nodes }: Profile): (id: number) => readonly Frame[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  return (id) => {
    const frames: Frame[] = []
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame
      if (frame !== undefined) frames.push(frame)
    }
    return frames
  }
}

/** Native functions have no name of their own worth reading, so their callers lend theirs. */
function spell([inner, caller]: readonly Frame[], name: (frame: Frame) => string): string {
  if (inner === undefined) return ''
  if (inner.url !== '' || inner.functionName === '(garbage collector)' || !caller?.url)
    return name(inner)
  return `${name(caller)}: native`
}

function add(times: Times, name: string, us: number): void {
  times.set(name, (times.get(name) ?? 0) + us)
}

/** `kysely`, `src/runs`, `node:internal/streams`, or what V8 names: `(garbage collector)`, `(program)`. */
function packageOf({ functionName, url }: Frame): string {
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  const ours = /\/(src\/[^/]+)/.exec(url)?.[1]
  return installed ?? ours ?? (url === '' ? functionName : url.split('/').slice(0, 2).join('/'))
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  const file = url.replace(/^.*(?:node_modules\/|\/(?=src\/))/, '')
  return `${functionName || '(anonymous)'} ${file}${url === '' ? '' : `:${lineNumber + 1}`}`
}

function table(title: string, times: Times, count: number): string {
  const inMs = (us: number) => (us / 1000 / count).toFixed(4).padStart(9)
  const total = [...times.values()].reduce((sum, us) => sum + us, 0)
  const rows = [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .map(([name, us]) => `${inMs(us)}  ${name}`)
  return [`\n${title} (${inMs(total).trim()} ms in all)`, ...rows].join('\n')
}
