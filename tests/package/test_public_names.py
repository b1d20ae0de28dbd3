"""The names a notebook uses: few, documented, and loaded only when used."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import backtorule_eval


def test_stub_and_names_agree():
    stub = Path(backtorule_eval.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    imports = [n for n in ast.parse(stub).body if isinstance(n, ast.ImportFrom)]
    found = {alias.name: f"{n.module}" for n in imports for alias in n.names}
    assert found == {name: f"backtorule_eval.{home}" for name, home in backtorule_eval._HOME.items()}


@pytest.mark.parametrize("name", backtorule_eval.__all__)
def test_every_name_is_there_and_says_what_it_answers(name):
    public = getattr(backtorule_eval, name)
    assert public.__doc__
    assert name in dir(backtorule_eval)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'motivation_laddr'"):
        _ = backtorule_eval.motivation_laddr
