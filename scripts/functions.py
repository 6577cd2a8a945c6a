#!/usr/bin/env python3
"""Counts the shipped Rust: files, lines, and how long functions are (median, 90th percentile, the longest).

Lines are counted as rustfmt leaves them, from `fn` to its closing brace; tests and examples are left out.

    scripts/functions.py [crate …]
"""

import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src-tauri"
SHIPPED = ("app", "cli", "connections", "entra", "keychain", "model")
START = re.compile(r"^(\s*)(?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?fn (\w+)")


def functions(path):
    """Each function of a file with its lines; one without a body has none."""
    lines = path.read_text().split("\n")
    for at, line in enumerate(lines):
        if line.startswith("#[cfg(test)]"):
            return
        if not (found := START.match(line)):
            continue
        indent = found.group(1)
        end = next((k for k in range(at, len(lines)) if lines[k] in (indent + "}", indent + ");")), at)
        yield end - at + 1, f"{path.relative_to(ROOT)}: {found.group(2)}"


def main():
    crates = sys.argv[1:] or SHIPPED
    files = [
        path
        for crate in crates
        for path in (ROOT / crate / "src").rglob("*.rs")
        if "tests" not in path.parts and "testing" not in path.parts and path.stem not in ("tests", "testing")
    ]
    sizes = sorted((len(path.read_text().splitlines()), str(path.relative_to(ROOT))) for path in files)
    found = sorted(one for path in files for one in functions(path))
    lengths = [lines for lines, _ in found]
    print(f"{len(files)} files, {sum(lines for lines, _ in sizes)} lines, {len(found)} functions")
    print(f"a function: median {statistics.median(lengths):.0f} lines, p90 {lengths[len(lengths) * 9 // 10]}")
    print("longest functions:", *(f"  {lines:4}  {name}" for lines, name in reversed(found[-5:])), sep="\n")
    print("longest files:", *(f"  {lines:4}  {name}" for lines, name in reversed(sizes[-8:])), sep="\n")


main()
