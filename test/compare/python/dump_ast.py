"""Writes CPython's own syntax trees as JSON lines: what ast.parse makes of each source given on standard input.

The input is a JSON list of {"name", "source"}; a line is {"name", "tree"} or {"name", "error"}.
"""

import ast
import json
import sys
import warnings

# What the parser of JavaScript does not tell, or tells at another place.
LEFT_OUT = {"ctx", "kind", "simple", "type_comment", "type_ignores"}


def dump(node, placed=True):
    if isinstance(node, list):
        return [dump(one, placed) for one in node]
    if isinstance(node, ast.Constant):
        return ["Constant", place(node, placed), constant(node.value)]
    if not isinstance(node, ast.AST):
        return node
    if isinstance(node, ast.JoinedStr):
        # The first releases of 3.12 have empty texts among the parts.
        node.values = [one for one in node.values if getattr(one, "value", None) != ""]
    # Before 3.12 CPython places what stands inside an f-string elsewhere.
    inside = placed and not isinstance(node, ast.JoinedStr)
    fields = {
        name: dump(value, inside)
        for name, value in ast.iter_fields(node)
        if name not in LEFT_OUT and value is not None and value != []
    }
    return [type(node).__name__.lower().replace("_", ""), place(node, placed), fields]


def place(node, placed):
    return [node.lineno, node.col_offset] if placed and hasattr(node, "lineno") else None


def constant(value):
    if value is None or value is ...:
        return ["none" if value is None else "ellipsis"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, complex):
        return ["complex"]
    if isinstance(value, bytes):
        return ["bytes"]
    return ["text", value]


def main() -> None:
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
    for one in json.loads(sys.stdin.buffer.read()):
        try:
            tree = ast.parse(one["source"].encode())
            line = {"name": one["name"], "tree": dump(tree.body)}
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = {"name": one["name"], "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(line))


if __name__ == "__main__":
    main()
