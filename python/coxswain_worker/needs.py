"""Whether the real CrewAI is needed, by reading what modules import of it."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .crewai_light import OFFERED
from .trouble import project
from .values.sources import Source, modules_of


class Needs(NamedTuple):
    real: bool
    # A name that older versions of CrewAI had in `crewai_tools`.
    old_names: bool


def needs_of(all_names: Iterable[dict[str, Source]]) -> Needs:
    reader = _Reader()
    for names in all_names:
        for path in modules_of(names):
            module, _, attribute = path.partition(":")
            reader.follow(module, [attribute.partition(".")[0]] if attribute else [])
    reader.read_all()
    return Needs(reader.needs_real, reader.uses_old_names)


class _Reader:
    """Follows imports through the project's own modules."""

    def __init__(self) -> None:
        self.needs_real = False
        self.uses_old_names = False
        self._seen: set[str] = set()
        self._left: list[tuple[str, str]] = []

    def follow(self, module: str, names: list[str]) -> None:
        if module.partition(".")[0] in OFFERED:
            self.uses_old_names |= module == "crewai_tools" and "BaseTool" in names
            offered = OFFERED.get(module, frozenset())
            self.needs_real |= not names or not offered.issuperset(names) or "tools" in names
            return
        parts = module.split(".")
        for end in range(1, len(parts) + 1):
            self._enter(".".join(parts[:end]))
        for name in names:
            self._enter(f"{module}.{name}")

    def read_all(self) -> None:
        while self._left:
            module, file = self._left.pop()
            for imported, names in _imports_in(module, file):
                self.follow(imported, names)

    def _enter(self, module: str) -> None:
        if module in self._seen:
            return
        self._seen.add(module)
        file = _file_of(module)
        if file is not None:
            self._left.append((module, file))


def _imports_in(module: str, file: str) -> Iterator[tuple[str, list[str]]]:
    try:
        with open(file, "rb") as opened:
            tree = ast.parse(opened.read(), file)
    except (OSError, SyntaxError, ValueError, RecursionError):
        # Its import will say so.
        return
    package = module if os.path.basename(file) == "__init__.py" else module.rpartition(".")[0]
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, []
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            name = ".".join([*base, *filter(None, [node.module])])
            yield name, [alias.name for alias in node.names]


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Without what is there for type checkers only."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)):
            yield from _walk(child)


def _file_of(module: str) -> str | None:
    """Of a module of the project; packages of the environment are not read."""
    for root in sys.path:
        if not (os.path.realpath(root) + os.sep).startswith(project() + os.sep) or "site-packages" in root:
            continue
        path = os.path.join(root, *module.split("."))
        for file in (os.path.join(path, "__init__.py"), f"{path}.py"):
            if os.path.isfile(file):
                return file
    return None
