"""What files, sheets, columns and cells are called in the language of the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from backtorule_eval.cohort.dictionary import load_dictionary
from backtorule_eval.errors import ParameterProblem

LANGUAGES = ("nb", "en")
WORDS = "site.words.yaml"


@cache
def _load() -> dict[str, Any]:
    """Read the words of both languages."""
    text = resources.files("backtorule_eval.synthetic").joinpath(WORDS).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language."""

    language: str

    def file(self, name: str) -> str:
        """Name of a file."""
        return str(_load()["files"][name][self.language])

    def sheet(self, table: str) -> str:
        """Name of a sheet of the workbook."""
        return str(_load()["sheets"][table][self.language])

    def columns(self, part: str) -> dict[str, str]:
        """Columns of a file or sheet, in order: the dictionary's name, the name in the file."""
        return {name: str(words[self.language]) for name, words in _load()["columns"][part].items()}

    def levels(self, table: str, column: str) -> dict[str, str]:
        """What a column's levels are called in cells: the dictionary's labels."""
        levels = load_dictionary().tables[table].columns[column].levels
        return {level: label.in_language(self.language) for level, label in levels.items()}

    def cells(self, kind: str) -> dict[str, str]:
        """Words in cells that are not the dictionary's labels."""
        return {value: str(words[self.language]) for value, words in _load()["cells"][kind].items()}

    def answers(self) -> dict[str, dict[str, str]]:
        """Label texts written instead of a number, by questionnaire and number."""
        scales: Mapping[str, Any] = _load()["cells"]["answers"]
        return {s: {n: str(w[self.language]) for n, w in numbers.items()} for s, numbers in scales.items()}

    def comments(self) -> list[str]:
        """What people write in the free text field."""
        return [str(words[self.language]) for words in _load()["cells"]["comment"]]

    def misspelt(self, column: str) -> dict[str, Sequence[str]]:
        """Wrong spellings of a column's levels."""
        return {level: tuple(words[self.language]) for level, words in _load()["misspelt"][column].items()}


def words_in(language: str) -> Words:
    """Return the words of a language.

    Raises
    ------
    ParameterProblem
        The site does not speak it.
    """
    if language not in LANGUAGES:
        raise ParameterProblem(f"There is no site in {language!r}; choose one of: {', '.join(LANGUAGES)}.")
    return Words(language=language)
