/** Python that parsers get wrong. `since`: the CPython that knows it. */
export interface Snippet {
  readonly source: string
  readonly since?: readonly [number, number]
  /** Why our parser is known to read it otherwise. That it no longer does is a failure, so that it is noticed. */
  readonly differs?: string
}

const strings = [
  `a = 'one' "two" '''three'''`,
  `a = ('one'\n     'two')`,
  String.raw`a = "\x41\u00e9\U0001F600\101\n\t\\"`,
  String.raw`a = r"\d+\n" + rb"\x00"`,
  String.raw`a = "line \
continued"`,
  `a = """\n  indented\n    text\n"""`,
  `a = f"{x} and {y!r:>{width}} {{not}} {z:.2f} {w=}"`,
  `a = f'{d["key"]}'`,
  `a = f"{a + b}" 'plain' f'{c}'`,
  `a = f"""{\n  x\n}"""`,
  `a = rf"{x}\\d"`,
  `a = b"bytes" b'more'`,
  `a = u"old"`,
  `a = ""`,
  `a = "quote \\" inside"`,
  'a = "ü" + b',
  'é = "日本語"; naïve = é',
  'a = "😀" + c',
  'x = f"ü {y} ü"',
  `a = ...`,
  `a = "..."`,
  `a: str = ...`,
]

const numbers = [
  'a = 1.0; b = 1; c = 1e3; d = .5; e = 5.; f = 1_000; g = 0xFF; h = 0o17; i = 0b11',
  'a = 10**100; b = 123456789012345678901234567890',
  'a = -1; b = +1; c = ~1; d = not 1',
  'a = 1j; b = 1.5j',
  'a = 1e-5; b = 1e16; c = 1e400',
  'a = 0_0; b = 00',
]

const statements = [
  'pass',
  'if a:\n    pass\nelif b:\n    pass\nelse:\n    pass',
  'for a, *b in c: pass\nelse: pass',
  'while (n := f()) > 0: break',
  'with open(a) as b, open(c) as d: pass',
  'with (open(a) as b, open(c) as d,): pass',
  'try:\n    pass\nexcept (A, B) as e:\n    raise X from e\nelse:\n    pass\nfinally:\n    pass',
  'async def f():\n    async with a as b:\n        async for c in d: await e\n    return [x async for x in y]',
  'def f(a, /, b=1, *args: int, c, d=2, **kw) -> str: ...',
  'def f(*, a): pass',
  'lambda a, *b, c=1, **d: (yield)',
  '@a.b(c)[d]\n@e\nclass F(G, metaclass=H, **i):\n    """Doc."""',
  'class A: x: int = 1; y: str',
  '(a): int = 1',
  'a.b: int = 1',
  'del a, b[0], c.d',
  'global a\nnonlocal_ = 1',
  'assert a, "b"',
  'import a.b.c as d, e',
  'from . import a\nfrom ..b import (c as d, e,)\nfrom .c.d import *',
  'match a:\n    case {"k": [1, *rest], **more} if x: pass\n    case A(b, c=1) | None: pass\n    case str() as s: pass\n    case -1 | 1+2j: pass\n    case _: pass',
  'match = 1; case = 2; type = 3; print(match, case, type)',
  'a = b = c\na += 1; a @= b; a //= c; a **= d; a >>= 1',
  'a, b = *c, d\n[e, (f, *g)] = h',
  'x = 1;',
  'if True: x = 1; y = 2',
]

const expressions = [
  'a[1:2, ::3, ...]',
  'a[b:=1]',
  'f(*a, b, *c, d=1, **e, f=2)',
  '{**a, "b": 1, **c}',
  '{*a, b}',
  'a if b else c if d else e',
  'a < b <= c != d is not e not in f',
  'not a and b or c and not d',
  'a ** -b ** c',
  '-a ** b',
  'a @ b % c // d',
  '[x for x in y if z if w for v in u]',
  '{k: v for k, v in a}',
  '(x for x in y)',
  'f(x for x in y)',
  '()',
  '(a,)',
  '(a)',
  '[]',
  '{}',
  'a.b.c(d)[e](f).g',
  'await_ = 1',
  'a\\\n  .b',
  '(a\n # comment\n .b)',
  'print(a, # one\n      b)',
  'lambda: (lambda x: x)(1)',
  'x = yield_ if a else None',
]

const layout = [
  '',
  '\n\n# only a comment\n',
  '\ufeffa = 1',
  'if a:\n\tb\n\tc',
  'if a:\r\n    b\r\nc',
  'a = 1\r\nb = """x\r\ny"""',
  'a\f\nb',
  'def f():\n    # comment\n\n    return 1\n# end',
  'class A:\n  def f(self):\n      pass\n  def g(self): pass',
  'x = [\n    1,\n\n    2,  # two\n]\n',
  'if a:\n    pass\n  # oddly indented comment\nb',
  `x = ${'('.repeat(60)}1${')'.repeat(60)}`,
]

const broken = [
  'a = ',
  'def f(:',
  'if a\n    b',
  'a = "open',
  'a = """open',
  'f(a b)',
  '(a',
  'a)',
  'class',
  'return = 1',
  '  a\nb',
  'if a:\nb',
  'a = 1 +',
  'x = {1: }',
  'for in a: pass',
  'a = “curly”',
  'import',
  'from a import',
  '1 = a',
  'f() = a',
  'print "old"',
]

const newer: readonly Snippet[] = [
  { source: 'try:\n    pass\nexcept* A:\n    pass', since: [3, 11] },
  { source: 'type A = int | str', since: [3, 12] },
  { source: 'type A[T] = list[T]', since: [3, 12] },
  { source: 'def f[T: int, *Ts, **P](a: T) -> T: ...', since: [3, 12] },
  { source: 'class A[T]: x: T', since: [3, 12] },
  { source: `a = f"{d["key"]}"`, since: [3, 12] },
]

const differing: readonly Snippet[] = [
  {
    source: String.raw`a = "\N{LATIN SMALL LETTER A}"`,
    differs: 'the names of all characters are not at hand',
  },
  { source: 'x[*a]', differs: 'a starred index is no tuple' },
]

export const SNIPPETS: readonly Snippet[] = [
  ...[strings, numbers, statements, expressions, layout, broken]
    .flat()
    .map((source) => ({ source })),
  ...newer,
  ...differing,
]
