"""One answer under every set of choices that could have been made, and a test of all of them together."""

from __future__ import annotations

from dataclasses import dataclass

from backtorule_eval.analyses.estimate import Estimate, Term
from backtorule_eval.cohort.dictionary import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRow:
    """One set of choices: which of the options were taken, and the answer they give."""

    taken: tuple[int, ...]
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceCurve:
    """The answers of all sets of choices.

    Attributes
    ----------
    options : tuple of Text
        Everything that could be chosen; a row's `taken` are positions among them.
    rows : tuple of ChoiceRow
        All about the same persons and in the same unit.
    same_sign, significant : float
        Share of the answers on the more common side of zero, and of those that are there with p < 0.05.
    p_median, p_same_sign, p_significant : float
        How often chance alone makes a median as far from zero, or a share as large.
    n_permutations : int

    Raises
    ------
    ValueError
        There are no rows, or a row takes an option that does not exist.
    """

    question: str
    population: str
    outcome: str
    contrast: str
    options: tuple[Text, ...]
    rows: tuple[ChoiceRow, ...]
    same_sign: float
    significant: float
    p_median: float
    p_same_sign: float
    p_significant: float
    n_permutations: int
    terms: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"{self.question}: a curve of choices needs at least one answer.")
        if any(not 0 <= at < len(self.options) for row in self.rows for at in row.taken):
            raise ValueError(f"{self.question}: a row takes an option that does not exist.")
