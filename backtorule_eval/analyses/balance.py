"""How alike are two groups before they are compared, and after one of them is weighted?"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from backtorule_eval.cohort.dictionary import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """One variable, or one category of it, in both groups.

    Attributes
    ----------
    before, after : float
        Standardised difference, first group minus second; `after` once the groups are weighted, None if
        nothing was weighted.
    n_in : tuple of two int, or None
        For a category: how many of each group are in it. Never shown; a difference could tell it.
    """

    name: str
    label: Text
    before: float
    after: float | None = None
    n_in: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Standardised differences of two groups in what was known of them at the start.

    Attributes
    ----------
    groups : tuple of two Text
        Whom the difference is of, and whom it is from.
    n_first, n_second, n_missing : int
        Persons of both groups who are compared, and those left out for missing values.

    Raises
    ------
    ValueError
        There are no rows, or a category holds more persons than its group.
    """

    question: str
    population: str
    groups: tuple[Text, Text]
    n_first: int
    n_second: int
    n_missing: int
    rows: tuple[BalanceRow, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"{self.question}: a balance needs at least one variable.")
        sizes = (self.n_first, self.n_second)
        for row in self.rows:
            if row.n_in and any(not 0 <= n <= size for n, size in zip(row.n_in, sizes, strict=True)):
                raise ValueError(f"{row.name}: more are in the category than in the group.")


def standardised_difference(*, means: tuple[float, float], variances: tuple[float, float]) -> float | None:
    """How far apart are two groups, in standard deviations?

    The difference of the means, first minus second, by the root of the mean of both variances (Austin 2009).
    For a category the mean is its share p and the variance p (1 - p).

    Returns
    -------
    float or None
        None when nothing varies in either group and they differ.
    """
    spread = sqrt(sum(variances) / 2)
    difference = means[0] - means[1]
    if spread == 0:
        return 0.0 if difference == 0 else None
    return difference / spread


def share_difference(*, n_in: tuple[int, int], sizes: tuple[int, int]) -> float | None:
    """How far apart are two groups in how many of them are in a category, in standard deviations?"""
    first, second = (n / size for n, size in zip(n_in, sizes, strict=True))
    return standardised_difference(
        means=(first, second), variances=(first * (1 - first), second * (1 - second))
    )
