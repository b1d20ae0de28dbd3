"""House style that no linter checks: functions and files one person can hold in the head."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_BODY = 50
LONGEST_FILE = 450
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}

FILES = sorted((ROOT / "backtorule_eval").rglob("*.py"))


def bodies(source: str) -> dict[str, int]:
    """Lines of each function's body, its docstring left out."""
    found = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {node.name: body_lines(node) for node in found}


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    statements = node.body[1:] if ast.get_docstring(node) else node.body
    return statements[-1].end_lineno - statements[0].lineno + 1 if statements else 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_and_files_stay_short(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_FILE
    assert {name: lines for name, lines in bodies(source).items() if lines > LONGEST_BODY} == {}


def test_no_module_is_a_drawer_for_everything():
    assert [path for path in FILES if BANNED_NAMES & {path.stem, path.parent.name}] == []


def test_a_long_body_is_seen():
    long = 'def f():\n    """Doc.\n\n    More.\n    """\n' + "    x = 1\n" * 51
    assert bodies(long) == {"f": 51}
