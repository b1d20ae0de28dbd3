"""A workspace with a tiny public study, and notebooks made for one situation each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

STUDY = """\
cohort: tiny
title: {nb: Et lite kull, en: A small cohort}
language: en
source: {folder: ../raw, mapping: tiny.mapping.yaml}
data: public
disclosure: none
"""
MAPPING = """\
files:
  people: {file: people.csv, delimiter: ",", encoding: utf-8}
tables:
  persons:
    - from: people
      columns: {person: id, gender: gender, birth_year: born}
"""
PARAMETERS = 'study: str = "params/tiny.yaml"  # the study file'
SETUP = (
    "from backtorule_eval import average_numbers, count_levels, describe_flow, open_study\n"
    'study = open_study(study, notebook="{name}")'
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch) -> Path:
    """A folder with params, raw data of 24 people, and no notebooks yet."""
    for name in ("params", "raw", "notebooks"):
        (tmp_path / name).mkdir()
    (tmp_path / "params" / "tiny.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "params" / "tiny.mapping.yaml").write_text(MAPPING, encoding="utf-8")
    rows = [f"p-{n:02d},{'woman' if n % 3 else 'man'},{2001 + n % 5}" for n in range(24)]
    (tmp_path / "raw" / "people.csv").write_text(
        "\n".join(["id,gender,born", *rows]) + "\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def notebook(workspace: Path):
    """Write a notebook that opens the study and then does what the situation asks for."""

    def write(name: str, *cells: str, parameters: str = PARAMETERS, setup: str = SETUP) -> Path:
        sources = [
            (parameters, ["parameters"]),
            (setup.format(name=name), ["setup"]),
            *((source, []) for source in cells),
        ]
        code = [
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {"tags": tags} if tags else {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for number, (source, tags) in enumerate(sources)
        ]
        title = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": f"# What is {name}?"}
        content = {
            "cells": [title, *code],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = workspace / "notebooks" / f"{name}.ipynb"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write
