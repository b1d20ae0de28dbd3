"""Factor models as data: which entries of the matrices are free, which are fixed, and which are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# What is the same in all groups, or at all waves: where items belong; also loadings; also intercepts.
Level = Literal["configural", "metric", "scalar"]
# What gives a factor its unit: variance 1 (in the first group or wave), or the loading 1 of its first item.
Unit = Literal["variance", "marker"]
Factors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """One matrix: the number of the parameter in each entry, -1 where it is fixed, and the fixed values."""

    parameter: NDArray[np.intp]
    fixed: Floats

    def fill(self, values: Floats) -> Floats:
        """Return the matrix at these parameter values."""
        filled = self.fixed.copy()
        free = self.parameter >= 0
        filled[free] = values[self.parameter[free]]
        return filled

    def free(self) -> list[tuple[int, tuple[int, ...]]]:
        """List the free entries: parameter and place."""
        return [
            (int(self.parameter[where]), tuple(int(i) for i in where))
            for where in zip(*np.nonzero(self.parameter >= 0), strict=True)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPattern:
    """The matrices of one group: items have covariance L F L' + R and means i + L m."""

    loadings: Entries
    factors: Entries
    residuals: Entries
    intercepts: Entries
    factor_means: Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorModel:
    """A factor model of one group or several.

    Attributes
    ----------
    items, factors : tuple of str
        In the order of the matrices.
    parameters : tuple of str
        Free parameters: ``factor=~item``, ``a~~b``, ``a~1``; ``.group`` behind those of one group.
    groups : tuple of GroupPattern
    with_means : bool
        Whether means are modelled; otherwise they are free, and left out of the matrices.
    """

    items: tuple[str, ...]
    factors: tuple[str, ...]
    parameters: tuple[str, ...]
    groups: tuple[GroupPattern, ...] = field(repr=False)
    with_means: bool

    @property
    def df(self) -> int:
        """Degrees of freedom: moments less parameters."""
        p = len(self.items)
        moments = p * (p + 1) // 2 + (p if self.with_means else 0)
        return len(self.groups) * moments - len(self.parameters)


@dataclass(frozen=True, slots=True)
class _Matrix:
    """A matrix under construction: names of free entries ("" where fixed), and the fixed values."""

    names: NDArray[np.object_]
    fixed: Floats

    @classmethod
    def zeros(cls, *shape: int) -> _Matrix:
        return cls(np.full(shape, "", dtype=object), np.zeros(shape))

    def numbered(self, order: dict[str, int]) -> Entries:
        number = [order.setdefault(str(name), len(order)) if name else -1 for name in self.names.flat]
        return Entries(parameter=np.array(number, dtype=np.intp).reshape(self.names.shape), fixed=self.fixed)


def one_group(factors: Factors, *, unit: Unit = "variance") -> FactorModel:
    """Model in which each item belongs to one factor, factors correlate, and residuals do not."""
    return across_groups(factors, groups=("",), level="configural", unit=unit)


def across_groups(
    factors: Factors, *, groups: Sequence[str], level: Level, unit: Unit = "variance"
) -> FactorModel:
    """Model of the same factors in several groups, alike as far as `level` says."""
    patterns = [
        _unit(factors, mark=f".{group}" if group else "", first=i == 0, level=level, unit=unit)
        for i, group in enumerate(groups)
    ]
    names = tuple(item for items in factors.values() for item in items)
    return _finish(patterns, items=names, factors=tuple(factors), with_means=level == "scalar")


def over_waves(
    factors: Factors, *, waves: Sequence[str], level: Level, unit: Unit = "variance"
) -> FactorModel:
    """Model of the same factors at several waves of the same persons, alike as far as `level` says.

    Waves are not groups: the factors of all waves correlate, and so do the residuals of an item with those of
    the same item at other waves. Items are named ``item.wave``, factors ``factor.wave``.
    """
    items = tuple(item for of in factors.values() for item in of)
    parts = [
        _unit(factors, mark=f".{wave}", first=i == 0, level=level, unit=unit) for i, wave in enumerate(waves)
    ]
    p, k, n = len(items), len(factors), len(waves)
    whole = [
        _Matrix.zeros(*shape) for shape in ((n * p, n * k), (n * k,) * 2, (n * p,) * 2, (n * p,), (n * k,))
    ]
    for t, part in enumerate(parts):
        rows, columns = slice(t * p, (t + 1) * p), slice(t * k, (t + 1) * k)
        places = ((rows, columns), (columns, columns), (rows, rows), (rows,), (columns,))
        for matrix, place, piece in zip(whole, places, part, strict=True):
            matrix.names[place], matrix.fixed[place] = piece.names, piece.fixed
    all_factors = tuple(f"{name}.{wave}" for wave, name in product(waves, factors))
    all_items = tuple(f"{name}.{wave}" for wave, name in product(waves, items))
    for a, b in _pairs(n * k):
        if a // k != b // k:
            whole[1].names[a, b] = whole[1].names[b, a] = f"{all_factors[a]}~~{all_factors[b]}"
    for a, b in _pairs(n * p):
        if a % p == b % p:
            whole[2].names[a, b] = whole[2].names[b, a] = f"{all_items[a]}~~{all_items[b]}"
    return _finish([tuple(whole)], items=all_items, factors=all_factors, with_means=level == "scalar")


def independence(items: Sequence[str], *, n_groups: int = 1) -> FactorModel:
    """Model in which no item goes with any other: the baseline of CFI and TLI."""
    patterns = []
    for group in range(n_groups):
        residuals = _Matrix.zeros(len(items), len(items))
        for i, item in enumerate(items):
            residuals.names[i, i] = f"{item}~~{item}.{group}"
        empty = _Matrix.zeros(len(items), 0), _Matrix.zeros(0, 0)
        patterns.append((*empty, residuals, _Matrix.zeros(len(items)), _Matrix.zeros(0)))
    return _finish(patterns, items=tuple(items), factors=(), with_means=False)


def _unit(factors: Factors, *, mark: str, first: bool, level: Level, unit: Unit) -> tuple[_Matrix, ...]:
    """Matrices of one group or wave; `mark` stands behind the names of what is its own."""
    items = [item for of in factors.values() for item in of]
    p, k = len(items), len(factors)
    loadings, between, residuals = _Matrix.zeros(p, k), _Matrix.zeros(k, k), _Matrix.zeros(p, p)
    intercepts, means = _Matrix.zeros(p), _Matrix.zeros(k)
    shared, free_unit = level != "configural", unit == "marker" or not (first or level == "configural")
    for j, (factor, of) in enumerate(factors.items()):
        for item in of:
            loadings.names[items.index(item), j] = f"{factor}=~{item}{'' if shared else mark}"
        if unit == "marker":
            loadings.names[items.index(of[0]), j], loadings.fixed[items.index(of[0]), j] = "", 1.0
        between.names[j, j] = f"{factor}~~{factor}{mark}" if free_unit else ""
        between.fixed[j, j] = 0.0 if free_unit else 1.0
        if level == "scalar" and not first:
            means.names[j] = f"{factor}~1{mark}"
    names = list(factors)
    for a, b in _pairs(k):
        between.names[a, b] = between.names[b, a] = f"{names[a]}~~{names[b]}{mark}"
    for i, item in enumerate(items):
        residuals.names[i, i] = f"{item}~~{item}{mark}"
        intercepts.names[i] = f"{item}~1" if level == "scalar" else ""
    return loadings, between, residuals, intercepts, means


def _pairs(n: int) -> list[tuple[int, int]]:
    """Every pair of different numbers below `n`, the smaller first."""
    return [(a, b) for a in range(n) for b in range(a + 1, n)]


def _finish(
    patterns: Sequence[tuple[_Matrix, ...]],
    *,
    items: tuple[str, ...],
    factors: tuple[str, ...],
    with_means: bool,
) -> FactorModel:
    """Number the parameters by name: entries of one name are one parameter."""
    order: dict[str, int] = {}
    parts = ("loadings", "factors", "residuals", "intercepts", "factor_means")
    groups = tuple(
        GroupPattern(**{part: matrix.numbered(order) for part, matrix in zip(parts, pattern, strict=True)})
        for pattern in patterns
    )
    return FactorModel(
        items=items, factors=factors, parameters=tuple(order), groups=groups, with_means=with_means
    )
