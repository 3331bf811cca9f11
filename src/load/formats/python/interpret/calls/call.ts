import { atOf, type Node } from '../../nodes.ts'
import { callPieces, dict, hole, instance, list, scalar, untold } from '../values/make.ts'
import type { Argument, Frame, OwnFunction, Value } from '../values/value.ts'
import type { Arguments, World } from '../world.ts'
import { callBuiltin } from './builtins.ts'
import { decoratorNames } from './classes.ts'
import { callExternal } from './externals.ts'

/** `callee(…)` */
export function call(callee: Value, given: Arguments, at: Value['at'], world: World): Value {
  world.spend()
  switch (callee.kind) {
    case 'function':
      return callDecorated(callee, given, at, world)
    case 'class':
      return instance(callee, given, at)
    case 'external':
      return callExternal(callee, given, at, world)
    case 'builtin':
      return callBuiltin(callee, given, at, world)
    default:
      return hole('only Python can tell what this call gives', callPieces(callee, given), at)
  }
}

/** What CrewAI calls once for each object of a crew's class. */
const ONCE = /^crewai\.project\.(.*\.)?(agent|task|llm|tool|callback|cache_handler|crew)$/
/** Decorators that change nothing about what a call gives. */
const TRANSPARENT =
  /(^|\.)(staticmethod|classmethod|property|cached_property|lru_cache|cache|abstractmethod|override|before_kickoff|after_kickoff|wraps|start|listen|router)$/

function callDecorated(
  callee: OwnFunction,
  given: Arguments,
  at: Value['at'],
  world: World,
): Value {
  const names = decoratorNames(callee.decorators)
  const { self } = callee
  const isOnce = names.some((name) => ONCE.test(name)) && self?.kind === 'instance'
  if (isOnce && given.args.length === 0 && given.keywords.size === 0)
    return callOnce(callee, self, at, world)
  if (names.some((name) => /\.tool$/.test(name)) && self?.kind !== 'instance')
    return hole('the call of a tool', callPieces(callee, given), at)
  const foreign = callee.decorators.filter((_, index) => {
    const name = names[index] ?? ''
    return !(ONCE.test(name) || TRANSPARENT.test(name))
  })
  if (foreign.length === 0) return callPlain(callee, given, at, world)
  // Its own decorators, from the innermost out.
  let wrapped: Value = { ...callee, decorators: [], self: null }
  for (const decorator of foreign.toReversed())
    wrapped = world.call(decorator, { args: [wrapped], keywords: new Map() }, at)
  const args = self === null ? given.args : [self, ...given.args]
  return world.call(wrapped, { ...given, args }, at)
}

function callOnce(
  callee: OwnFunction,
  self: NonNullable<OwnFunction['self']>,
  at: Value['at'],
  world: World,
): Value {
  const name = callee.def.nodeType === 'Lambda' ? '' : callee.def.name
  if (self.kind !== 'instance') return callPlain(callee, NOTHING, at, world)
  const known = self.memory.get(name)
  if (known !== undefined) return known
  self.memory.set(name, untold(`${name} is needed to tell what ${name} is`, callee.at))
  const decorators = callee.decorators.filter(
    (_, index) => !ONCE.test(decoratorNames(callee.decorators)[index] ?? ''),
  )
  const value = callDecorated({ ...callee, decorators }, NOTHING, at, world)
  if (value.kind === 'made') value.name ??= name
  self.memory.set(name, value)
  return value
}

const NOTHING: Arguments = { args: [], keywords: new Map() }

function callPlain(callee: OwnFunction, given: Arguments, at: Value['at'], world: World): Value {
  const { def, self } = callee
  const locals = bindParameters(
    callee,
    self === null ? given : { ...given, args: [self, ...given.args] },
    world,
  )
  const outer = callee.frame.scope === 'function' ? callee.frame : null
  const frame: Frame = {
    module: callee.frame.module,
    locals,
    wanted: null,
    outer,
    owner: callee.owner,
    scope: 'function',
  }
  if (def.nodeType === 'Lambda') return world.evaluate(def.body, frame)
  const ending = world.deeper(() => world.run(def.body, frame))
  if (ending.kind === 'return') return ending.value
  if (ending.kind !== 'stop') return scalar(null, at)
  const why = `${def.name}() ${ending.why}`
  if (ending.raises) return untold(why, at)
  return hole(why, callPieces(callee, given), ending.at)
}

type Parameters = Node<'Lambda'>['args']

function bindParameters(
  callee: OwnFunction,
  { args, keywords }: Arguments,
  world: World,
): Map<string, Value> {
  const { args: parameters } = callee.def
  const locals = new Map<string, Value>()
  const positional = [...(parameters.posonlyargs ?? []), ...parameters.args]
  const rest = new Map(keywords)
  for (const [index, { arg }] of positional.entries()) {
    const value =
      args[index] ??
      take(rest, arg) ??
      defaultAt(parameters, positional.length - index, callee, world)
    locals.set(arg, value ?? missing(callee, arg))
  }
  for (const [index, { arg }] of (parameters.kwonlyargs ?? []).entries()) {
    const node = parameters.kw_defaults?.[index]
    const value = take(rest, arg) ?? (node ? world.evaluate(node, callee.frame) : undefined)
    locals.set(arg, value ?? missing(callee, arg))
  }
  const at = atOf(callee.def, callee.frame.module.syntax)
  if (parameters.vararg)
    locals.set(parameters.vararg.arg, list(args.slice(positional.length), at, true))
  if (parameters.kwarg)
    locals.set(
      parameters.kwarg.arg,
      dict(
        [...rest].map(([name, { value }]) => [name, value] as const),
        at,
      ),
    )
  return locals
}

function take(keywords: Map<string, Argument>, name: string): Value | undefined {
  const value = keywords.get(name)?.value
  keywords.delete(name)
  return value
}

/** @param fromEnd position of the parameter, counted from the last one, which is 1 */
function defaultAt(
  { defaults }: Parameters,
  fromEnd: number,
  callee: OwnFunction,
  world: World,
): Value | undefined {
  const node = fromEnd > defaults.length ? undefined : defaults[defaults.length - fromEnd]
  return node === undefined ? undefined : world.evaluate(node, callee.frame)
}

function missing({ def, frame, self }: OwnFunction, parameter: string): Value {
  const name = def.nodeType === 'Lambda' ? 'the lambda' : def.name
  const isCrew = name === '__init__' && self?.kind === 'instance' && self.isCrew
  const otherwise = isCrew ? `, or name it in crew.yaml: arguments: {${parameter}: …}` : ''
  return untold(
    `comes from the parameter ${parameter} of ${name}, which nothing gives; give it a default${otherwise}`,
    atOf(def, frame.module.syntax),
  )
}
