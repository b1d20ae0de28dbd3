"""docs/data-dictionary.md is what the dictionary says today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backtorule_eval.cohort.dictionary import Column, Dictionary, Table, Text, load_dictionary
from backtorule_eval.cohort.documentation import COMMAND, document_dictionary, main

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_is_up_to_date() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == document_dictionary(load_dictionary()), f"data-dictionary.md is stale; run: {COMMAND}"


def test_every_table_column_and_level_is_described() -> None:
    page = document_dictionary(load_dictionary())
    for table in load_dictionary().tables.values():
        section = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns.values():
            assert f"| `{column.name}` | {column.label.en} | {column.label.nb} |" in section
            for level, text in column.levels.items():
                assert f"| `{column.name}` | `{level}` | {text.en} | {text.nb} |" in section


def test_a_bar_in_a_label_does_not_end_the_cell() -> None:
    column = Column(name="a", type="text", label=Text(nb="A|B", en="A or B"))
    table = Table(
        name="t", label=Text(nb="T", en="T"), row=Text(nb="rad", en="one row"), columns={"a": column}
    )
    page = document_dictionary(Dictionary(version=1, tables={"t": table}))
    assert "| `a` | A or B | A\\|B | text |  |  |" in page


def test_the_command_writes_the_page(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main([str(tmp_path / "page.md")]) == 0
    assert main([]) == 0
    assert (tmp_path / "page.md").read_bytes() == capfdbinary.readouterr().out == PAGE.read_bytes()


def test_the_module_runs_as_the_page_says(tmp_path: Path) -> None:
    module = COMMAND.split()[2]
    subprocess.run([sys.executable, "-m", module, str(tmp_path / "page.md")], check=True)
    assert (tmp_path / "page.md").read_bytes() == PAGE.read_bytes()
