"""The sizes that house style allows: 400 lines a file, 30 a function, 15 a view.

Signatures and docstrings are free.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = [
    "alliance",
    "members",
    "commitments",
    "reporting",
    "tests",
    "templates",
    "static",
]
PLACES += [".ci"]
KINDS = {".py", ".html", ".css", ".js"}
FILE, FUNCTION, VIEW = 400, 30, 15


def files() -> Iterator[Path]:
    yield from (ROOT / name for name in ("bootstrap.py", "manage.py"))
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*")):
            if path.suffix in KINDS and "migrations" not in path.parts:
                yield path


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without the docstring."""
    body = function.body
    if ast.get_docstring(function) is not None and len(body) > 1:
        body = body[1:]
    return (function.end_lineno or 0) - body[0].lineno + 1


def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef, path: Path) -> bool:
    """A function in a room of views that takes the request and returns the answer."""
    names = [argument.arg for argument in function.args.args]
    answers = function.returns is not None and "Response" in ast.unparse(function.returns)
    return answers and names[:1] == ["request"] and "views" in path.with_suffix("").parts


def too_long(path: Path) -> Iterator[str]:
    text, name = path.read_text(), path.relative_to(ROOT)
    if text.count("\n") > FILE:
        yield f"{name}: {text.count(chr(10))} lines, {FILE} allowed"
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            allowed = VIEW if is_view(node, path) else FUNCTION
            if (lines := length(node)) > allowed:
                yield f"{name}:{node.lineno}: {node.name} has {lines} lines, {allowed} allowed"


if __name__ == "__main__":
    found = [line for path in files() for line in too_long(path)]
    print("\n".join(found))
    sys.exit(bool(found))
