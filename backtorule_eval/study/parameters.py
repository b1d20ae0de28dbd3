"""A notebook's own parameters: what its parameters cell declares, and whether given values fit.

papermill lets an unknown name and a wrong type pass with a log line at most; a misspelt parameter then runs
to the end with the default. Here the declaration is read as Python, not by regular expression, and nothing
unknown passes.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from backtorule_eval.errors import ParameterProblem

STUDY = "study"
_TYPES: Mapping[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list": list,
    "dict": dict,
    "None": None,
    "Literal": Literal,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One parameter of a notebook: its name, its type as written, and its default."""

    name: str
    annotation: str
    default: Any

    def accepts(self, value: object) -> bool:
        """Tell whether a value has the declared type; an int passes for a float, nothing else does."""
        kind = eval(self.annotation, {"__builtins__": {}}, dict(_TYPES))
        try:
            TypeAdapter(kind, config=ConfigDict(strict=True)).validate_python(value)
        except ValidationError:
            return False
        return True


def read_declared(notebook: Path) -> tuple[Declared, ...]:
    """Read the parameters cell of a notebook file.

    Raises
    ------
    ParameterProblem
        No cell, or more than one, is tagged ``parameters``; or a line of it is not ``name: type = value``.
    """
    if not notebook.is_file():
        raise ParameterProblem(f"There is no notebook {notebook.name} in {notebook.parent}.")
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    if len(tagged) != 1:
        raise ParameterProblem(
            f"{notebook.name}: exactly one cell must be tagged parameters, not {len(tagged)}."
        )
    source = tagged[0]["source"]
    return parse_declared(source if isinstance(source, str) else "".join(source), notebook.name)


def parse_declared(source: str, file: str) -> tuple[Declared, ...]:
    """Parse the lines of a parameters cell."""
    found = []
    for node in ast.parse(source).body:
        plain = (
            isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None
        )
        if not plain or not _known_type(node.annotation):  # type: ignore[attr-defined]
            raise ParameterProblem(
                f"{file}: line {node.lineno} of the parameters cell must read: name: type = value  # comment"
            )
        found.append(_declared(node, file))  # type: ignore[arg-type]
    return tuple(found)


def check_given(declared: Sequence[Declared], given: Mapping[str, Any], *, where: str) -> list[str]:
    """Return one line per parameter that does not exist or has the wrong type; empty when all fit."""
    known = {d.name: d for d in declared}
    lines = []
    for name, value in given.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else f" It has: {', '.join(sorted(known))}."
            lines.append(f"{where} has no parameter {name}.{hint}")
        elif not known[name].accepts(value):
            lines.append(f"{where}: {name} must be {known[name].annotation}, not {type(value).__name__}.")
    return lines


def settle(
    declared: Sequence[Declared], passed: Mapping[str, Any], overrides: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values in force: what was passed, else what the study file sets, else the default.

    A kernel cannot see whether a value equal to the default was passed or left alone:
    it counts as left alone.
    """
    values = {}
    for d in declared:
        value = passed.get(d.name, d.default)
        values[d.name] = overrides[d.name] if d.name in overrides and value == d.default else value
    return values


def _declared(node: ast.AnnAssign, file: str) -> Declared:
    """Make one `Declared` from its line."""
    name = ast.unparse(node.target)
    try:
        default = ast.literal_eval(node.value)  # type: ignore[arg-type]
    except ValueError:
        raise ParameterProblem(f"{file}: the default of {name} must be a plain value.") from None
    declared = Declared(name=name, annotation=ast.unparse(node.annotation), default=default)
    if not declared.accepts(default):
        raise ParameterProblem(f"{file}: the default of {name} is not {declared.annotation}.")
    return declared


def _known_type(annotation: ast.expr) -> bool:
    """Tell whether an annotation is built from known type names and literals only."""
    allowed = (ast.Name, ast.Subscript, ast.Tuple, ast.Constant, ast.BinOp, ast.BitOr, ast.Load)
    nodes = list(ast.walk(annotation))
    names = {n.id for n in nodes if isinstance(n, ast.Name)}
    return all(isinstance(n, allowed) for n in nodes) and names <= set(_TYPES)
