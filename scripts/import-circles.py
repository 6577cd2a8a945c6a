#!/usr/bin/env python3
"""Finds circles of imports between the files of one crate, and fails on each that is not allowed below.

A file imports another one when its code, tests left out, names something that is defined there: in a `use`, or by a
path that begins with `crate`, `super`, `self` or a module beside it. A name that a module only hands on (`pub use`)
counts for the file that defines it. Declaring a module (`mod x;`) is no import, and neither is what a module takes
from the modules that it lies in: a file and its folder are one room.

    scripts/import-circles.py [crate …]
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src-tauri"

# Nouns that know each other: taking them apart would make each of them harder to read.
ALLOWED = {("model", frozenset({"integration", "permission", "permission_table"}))}

NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|\bb?r(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\.[^']*|[^'\\])'""", re.S)
TEST = re.compile(r"#\[cfg\((?:test|all\(test\b[^\]]*)\)\]")
USE = re.compile(r"(\bpub(?:\([\w: ]+\))?\s+)?\buse\s+([^;]+);")
PATH = re.compile(r"(?<![\w:])(\w+(?:::\w+)+)")
DEFINED = r"\b(?:fn|struct|enum|union|trait|type|const|static|macro_rules!)\s+{}\b"


def without_tests(code):
    """The code without each item that is marked for tests."""
    while mark := TEST.search(code):
        depth, end = 0, mark.end()
        for end in range(mark.end(), len(code)):
            depth += (code[end] in "{([") - (code[end] in "})]")
            if depth <= 0 and code[end] in "};,":
                break
        code = code[: mark.start()] + code[end + 1 :]
    return code


def leaves(tree):
    """The paths of a `use`, each with the name that it gets: `a::{b, c as d}` is [a, b, b] and [a, c, d]."""
    before, brace, inner = tree.partition("{")
    path, _, alias = before.partition(" as ")
    names = [part.strip() for part in path.split("::") if part.strip()]
    if not brace:
        return [[*names, alias.strip() or names[-1]]] if names else []
    depth, parts = 0, [""]
    for char in inner[: inner.rindex("}")]:
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [names + leaf for part in parts for leaf in leaves(part)]


class Crate:
    """The code of one crate without its tests, by the path of each module that has a file."""

    def __init__(self, folder):
        source = folder / "src" if (folder / "src").is_dir() else folder
        self.code = {}
        for file in sorted(source.rglob("*.rs")):
            module = file.relative_to(source).with_suffix("").parts
            if "tests" not in module and module != ("build",):
                module = module[:-1] if module[-1] in ("mod", "lib", "main") else module
                code = without_tests(NO_CODE.sub(" ", file.read_text(encoding="utf-8")))
                self.code[module] = self.code.get(module, "") + code
        self.uses = {
            module: [(public, leaf) for public, tree in USE.findall(code) for leaf in leaves(tree)]
            for module, code in self.code.items()
        }

    def defines(self, module, name):
        return re.search(DEFINED.format(re.escape(name)), self.code.get(module, ""))

    def resolve(self, module, path, seen=()):
        """The file that defines what `path` names inside `module`, if it is a file of this crate."""
        at, rest = ((), path[1:]) if path[0] == "crate" else (module, path)
        if rest == path and path[0] not in ("self", "super") and (*module, path[0]) not in self.code:
            return None
        while rest and rest[0] in ("self", "super"):
            at, rest = (at[:-1] if rest[0] == "super" else at), rest[1:]
        while rest and (*at, rest[0]) in self.code:
            at, rest = (*at, rest[0]), rest[1:]
        if not rest or (at, rest[0]) in seen or self.defines(at, rest[0]):
            return at
        for _, (*origin, name) in self.uses[at]:
            if name == rest[0]:
                return self.resolve(at, origin, (*seen, (at, name)))
            if name == "*" and self.defines(inner := self.resolve(at, origin[:-1]), rest[0]):
                return inner
        return at

    def imports(self, module):
        """The files that a module takes something from, without those that it lies in."""
        paths = [leaf[:-1] for public, leaf in self.uses[module] if not public]
        paths += [path.split("::") for path in PATH.findall(USE.sub(" ", self.code[module]))]
        found = {self.resolve(module, path) for path in paths} - {None}
        return {other for other in found if other != module[: len(other)]}

    def circles(self):
        """The sets of files that reach each other, each file with those of them that it imports."""
        graph, reached = {module: self.imports(module) for module in self.code}, {}
        for module in graph:
            ahead, reached[module] = list(graph[module]), set()
            while ahead:
                if (at := ahead.pop()) not in reached[module]:
                    reached[module].add(at)
                    ahead += graph[at]
        sets = {frozenset(o for o in reached[at] if at in reached[o]) for at in graph if at in reached[at]}
        sets = sorted(sets, key=sorted)
        return [{"/".join(at): sorted("/".join(o) for o in graph[at] & each) for at in each} for each in sets]


def main():
    names = sys.argv[1:] or sorted(folder.name for folder in ROOT.iterdir() if any(folder.rglob("*.rs")))
    all_circles = [(name, circle) for name in names for circle in Crate(ROOT / name).circles()]
    found = [(name, circle) for name, circle in all_circles if (name, frozenset(circle)) not in ALLOWED]
    for name, circle in found:
        print(f"{name}: {len(circle)} files import each other")
        for module, others in sorted(circle.items()):
            print(f"    {module} -> {', '.join(others)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
