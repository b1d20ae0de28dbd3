"""A reader with a solver: simulated reports of linked tables, and what can be worked out from what they show.

The reader writes down one unknown per combination of all attributes (the full joint table), which shares
nothing with how the audit looks at a report; and knows the rules, the cohort's size and the own row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
from numpy.random import Generator
from scipy.optimize import Bounds, LinearConstraint, milp

from backtorule_eval.analyses.tables import CountTable, Dimension, Level, MeanTable
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.audit import apply, audit, provisional
from backtorule_eval.disclosure.claim import Claim
from backtorule_eval.disclosure.released import Releasable, ShownCounts, ShownMeans
from backtorule_eval.disclosure.rounding import HIDDEN, Number
from backtorule_eval.disclosure.rules import DisclosureRules
from tests.disclosure.examples import claim, mean

# Attributes and their numbers of levels; the last two say who is in the part, and who has a score.
SIZES = {"gender": 2, "area": 3, "route": 4, "outcome": 3, "part": 2, "score": 2}
CLASSIFIED = ("gender", "area", "route", "outcome")
NOBODY, MANY = 0, 10_000


@dataclass(frozen=True)
class Person:
    """One row of the microdata: a level per attribute."""

    levels: tuple[int, ...]


@dataclass(frozen=True)
class Sight:
    """One number in a report: which combinations it counts, what is seen of it, and what it truly is.

    `cell` is False for a margin, and for how many have a score: what is lost is counted in cells. `merged`
    marks a small number that was claimed and stands nowhere, because it became part of another.
    """

    mask: np.ndarray
    low: int
    high: int
    truth: int
    hidden: bool
    cell: bool = True
    merged: bool = False


@dataclass(frozen=True)
class Report:
    """Microdata and the claims made from them."""

    people: np.ndarray
    claims: list[Claim]
    rules: DisclosureRules


@dataclass(frozen=True)
class Attack:
    """How one report fared: its hidden counts, how many were told, and what of its cells is lost.

    `merged` and `merged_told` are about small numbers that became part of another.
    """

    hidden: int
    exact: int
    narrowed: int
    merged: int
    merged_told: int
    claimed: int
    shown: int
    persons_lost: float


def simulate(seed: int, *, rules: DisclosureRules | None = None) -> Report:
    """Make a cohort of 25 to 120 and a report of 3 to 6 linked tables about it."""
    random = np.random.default_rng(seed)
    people = _people(random, int(random.integers(25, 121)))
    pairs = [(a, b) for a, b in combinations(CLASSIFIED, 2)]
    ways: list[tuple[str, ...]] = [*pairs, *((name,) for name in CLASSIFIED), CLASSIFIED[:3]]
    n_tables = int(random.integers(3, 7))
    chosen = [ways[i] for i in sorted(random.choice(len(ways), n_tables, replace=False))]
    things = [_table(people, names, within=False) for names in chosen[:-1]]
    things.append(_table(people, chosen[-1], within=bool(random.random() < 0.5)))
    claims = [claim(thing, key=f"01/t{i}") for i, thing in enumerate(things)]
    if random.random() < 0.5:
        claims.append(claim(_means(people), key="02/means"))
    return Report(people=people, claims=claims, rules=rules or DisclosureRules())


def _people(random: Generator, n: int) -> np.ndarray:
    """Draw rows with uneven and correlated attributes."""
    kind = random.integers(0, 2, n)
    columns = []
    for name, size in SIZES.items():
        if name in ("part", "score"):
            columns.append((random.random(n) < 0.12).astype(int))
            continue
        shares = np.stack([random.dirichlet(np.full(size, 0.7)) for _ in range(2)])
        columns.append(np.array([random.choice(size, p=shares[k]) for k in kind]))
    return np.stack(columns, axis=1)


def _table(people: np.ndarray, names: Sequence[str], *, within: bool) -> CountTable:
    """Count people over attributes, all or those in the part."""
    whom = people[people[:, _at("part")] == 0] if within else people
    columns = [_at(name) for name in names]
    cells = product(*(range(SIZES[name]) for name in names))
    counts = tuple(int((whom[:, columns] == cell).all(axis=1).sum()) for cell in cells)
    return CountTable(
        question="q",
        population="part" if within else "everyone",
        dimensions=tuple(_dimension(name) for name in names),
        counts=counts,
    )


def _dimension(name: str) -> Dimension:
    word = Text(nb=name, en=name)
    levels = tuple(Level(key=f"l{i}", label=word) for i in range(SIZES[name]))
    return Dimension(name=name, label=word, levels=levels)


def _means(people: np.ndarray) -> MeanTable:
    """Say how many have a score."""
    n_missing = int(people[:, _at("score")].sum())
    return MeanTable(question="q", population="everyone", rows=(mean(len(people) - n_missing, n_missing),))


def _at(name: str) -> int:
    return list(SIZES).index(name)


def audited(report: Report) -> Iterator[Releasable]:
    """Release a report as the package does."""
    plan = audit(report.claims, report.rules)
    return (apply(one, plan) for one in report.claims)


def one_by_one(report: Report) -> Iterator[Releasable]:
    """Release each table as if it were the only one: small counts hidden, all rounded."""
    return (provisional(one, report.rules) for one in report.claims)


def sights(report: Report, releasables: Iterator[Releasable]) -> Iterator[Sight]:
    """Return everything a reader of the releasables sees."""
    for one, released in zip(report.claims, releasables, strict=True):
        exact, (shown,) = one.things[0], released.things
        if isinstance(shown, ShownCounts):
            for mask, number in zip(_masks(shown), shown.counts, strict=True):
                yield _sight(mask, counted(report.people, mask), number, report.rules)
            if shown.merged and not shown.left_out:
                yield from _merged(report, exact)
        elif isinstance(shown, ShownMeans):
            for level, name in enumerate(("n", "n_missing")):
                mask = _mask({"score": (level,)})
                number = getattr(shown.rows[0], name)
                seen = _sight(mask, getattr(exact.rows[0], name), number, report.rules)
                yield replace(seen, cell=False)


def _merged(report: Report, table: CountTable) -> Iterator[Sight]:
    """Yield the small numbers of a table that was claimed finer than it is shown."""
    for mask, truth in zip(_masks(table), table.counts, strict=True):
        if report.rules.is_small(truth):
            yield Sight(mask=mask, low=NOBODY, high=MANY, truth=truth, hidden=False, cell=False, merged=True)


def simply_suppressed(report: Report) -> Iterator[Sight]:
    """Show exact tables with exact margins, small counts hidden: what simple suppression does."""
    for table in _tables(report):
        yield from _with_margins(table, report.rules)


def microdata(report: Report) -> Iterator[dict[str, list[list[int]]]]:
    """Yield, for each table of counts, the columns it is made from, for another program to count."""
    for table in _tables(report):
        whom = (
            report.people[report.people[:, _at("part")] == 0] if table.population == "part" else report.people
        )
        yield {"columns": [whom[:, _at(d.name)].tolist() for d in table.dimensions]}


def as_suppressed_elsewhere(report: Report, tables: Sequence, *, threshold: int) -> Sequence[Sight]:
    """See tables of another program: per table its cells, each with its levels and its number or None.

    It hides what is below its threshold, nobody included, and says so.
    """
    seen = []
    for table, cells in zip(_tables(report), tables, strict=True):
        inside = {"part": (0,)} if table.population == "part" else {}
        for levels, number in cells:
            mask = _mask(inside | {d.name: (at,) for d, at in zip(table.dimensions, levels, strict=True)})
            low, high = (NOBODY, threshold - 1) if number is None else (number, number)
            truth = counted(report.people, mask)
            seen.append(Sight(mask=mask, low=low, high=high, truth=truth, hidden=number is None))
    return seen


def as_protected_elsewhere(report: Report, tables: Sequence) -> Sequence[Sight]:
    """See tables of another program with their margins; it says of a hidden number nothing at all.

    Levels are None where a margin counts everyone. Levels that nobody is of are left out, and so not seen.
    """
    seen = []
    for table, cells in zip(_tables(report), tables, strict=True):
        inside = {"part": (0,)} if table.population == "part" else {}
        for levels, number in cells:
            named = zip(table.dimensions, levels, strict=True)
            mask = _mask(inside | {d.name: (at,) for d, at in named if at is not None})
            low, high = (NOBODY, MANY) if number is None else (number, number)
            seen.append(
                Sight(
                    mask=mask,
                    low=low,
                    high=high,
                    truth=counted(report.people, mask),
                    hidden=number is None,
                    cell=None not in levels,
                )
            )
    return seen


def _tables(report: Report) -> Iterator[CountTable]:
    """Yield the tables of counts."""
    yield from (one.things[0] for one in report.claims if isinstance(one.things[0], CountTable))


def _with_margins(table: CountTable, rules: DisclosureRules) -> Iterator[Sight]:
    """Yield cells and all their margins."""
    counts = np.array(table.counts).reshape([len(d.levels) for d in table.dimensions])
    inside = {"part": (0,)} if table.population == "part" else {}
    for kept in product((True, False), repeat=counts.ndim):
        margin = counts.sum(axis=tuple(i for i, keep in enumerate(kept) if not keep))
        names = [d.name for d, keep in zip(table.dimensions, kept, strict=True) if keep]
        for cell in np.ndindex(margin.shape):
            count = int(margin[cell])
            mask = _mask(inside | {name: (at,) for name, at in zip(names, cell, strict=True)})
            hidden = rules.is_small(count)
            low, high = (1, rules.threshold - 1) if hidden else (count, count)
            yield Sight(mask=mask, low=low, high=high, truth=count, hidden=hidden, cell=all(kept))


def _masks(shown: ShownCounts | CountTable) -> Iterator[np.ndarray]:
    """Yield, cell by cell, the combinations of all attributes that it counts."""
    inside = {"part": (0,)} if shown.population == "part" else {}
    names = [d.name for d in shown.dimensions]
    for cell in product(*(d.levels for d in shown.dimensions)):
        # A merged category is named by what it was made of: "l0+l2".
        levels = [tuple(int(key[1:]) for key in level.key.split("+")) for level in cell]
        yield _mask(inside | dict(zip(names, levels, strict=True)))


def _mask(levels: dict[str, tuple[int, ...]]) -> np.ndarray:
    """Return which combinations have any of these levels of each attribute, as ones and zeros."""
    full = np.zeros(tuple(SIZES.values()))
    chosen = (levels.get(name, tuple(range(size))) for name, size in SIZES.items())
    full[np.ix_(*chosen)] = 1
    return full.ravel()


def counted(people: np.ndarray, mask: np.ndarray) -> int:
    """Count the people in a mask's combinations."""
    return int(mask[np.ravel_multi_index(tuple(people.T), tuple(SIZES.values()))].sum())


def _sight(mask: np.ndarray, truth: int, shown: Number, rules: DisclosureRules) -> Sight:
    """Say what a shown number leaves possible, by trying every count."""
    if shown is HIDDEN:
        return Sight(mask=mask, low=NOBODY, high=MANY, truth=truth, hidden=True)
    fitting = [n for n in range(int(shown) + rules.base + 1) if _shown_as(n, rules) == shown]
    return Sight(mask=mask, low=fitting[0], high=fitting[-1], truth=truth, hidden=False)


def _shown_as(n: int, rules: DisclosureRules) -> int | None:
    """Say how the rules print a count, in words of their own: None when it is hidden."""
    if 0 < n < rules.threshold:
        return None
    below = n - n % rules.base
    return below if n - below < rules.base / 2 else below + rules.base


class Reader:
    """Works out from what is seen what a count can be."""

    def __init__(self, seen: Sequence[Sight], *, n: int, own: Sequence[int]) -> None:
        masks = np.unique(np.stack([s.mask for s in seen]), axis=1, return_inverse=True)
        # Combinations that no number tells apart are one unknown.
        sums, which = masks[0], masks[1].ravel()
        self.least = np.zeros(sums.shape[1])
        self.least[which[np.ravel_multi_index(tuple(own), tuple(SIZES.values()))]] = 1
        self.sums = np.vstack([sums, np.ones(sums.shape[1])])
        self.low = np.array([*(s.low for s in seen), n - 1])
        self.high = np.array([*(s.high for s in seen), n + 1])

    def solve(self, goal: np.ndarray, extra: tuple[int, int] | None = None) -> float | None:
        """Return the least value of a goal, perhaps with the goal's own range narrowed."""
        constraints = [LinearConstraint(self.sums, self.low, self.high)]
        if extra:
            constraints.append(LinearConstraint(goal, *extra))
        bounds = Bounds(self.least, np.inf)
        found = milp(goal, constraints=constraints, bounds=bounds, integrality=np.ones(len(goal)))
        if found.status not in (0, 2):
            raise RuntimeError(f"the attack did not end: {found.message}")
        return None if found.status == 2 else round(found.fun)

    def values(self, i: int) -> tuple[int, int, int]:
        """Return the least and the largest value of a number, and how many values (three at most)."""
        goal = self.sums[i]
        low = int(self.solve(goal) or 0)
        high = -int(self.solve(-goal) or 0)
        if high - low < 2:
            return low, high, high - low + 1
        between = self.solve(goal, (low + 1, high - 1))
        return low, high, 2 if between is None else 3


def attack(
    report: Report, release: Callable[[Report], Sequence[Sight]], *, readers: int, seed: int
) -> Attack:
    """Attack every hidden number as several members of the cohort; the first is one in the rarest rows."""
    seen = list(release(report))
    tried = [i for i, s in enumerate(seen) if s.hidden or s.merged]
    exact: set[int] = set()
    narrowed: set[int] = set()
    for own in _owners(report.people, readers, seed):
        reader = Reader(seen, n=len(report.people), own=own)
        for i in tried:
            low, high, n_values = reader.values(i)
            exact |= {i} if low == high else set()
            narrowed |= {i} if n_values < 3 or high < report.rules.threshold else set()
    told = exact | narrowed
    cells = [s.truth for s in seen if s.cell and not s.hidden]
    tables = [table.counts for table in _tables(report)]
    return Attack(
        hidden=sum(s.hidden for s in seen),
        exact=sum(seen[i].hidden for i in exact),
        narrowed=sum(seen[i].hidden for i in narrowed),
        merged=sum(s.merged for s in seen),
        merged_told=sum(seen[i].merged for i in told),
        claimed=sum(map(len, tables)),
        shown=len(cells),
        persons_lost=1 - sum(cells) / sum(map(sum, tables)),
    )


def _owners(people: np.ndarray, readers: int, seed: int) -> list[np.ndarray]:
    """Return rows of readers: one with the rarest combination, the others drawn."""
    rows, counts = np.unique(people, axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).choice(len(people), size=readers - 1, replace=False)
    return [rows[np.argmin(counts)], *people[drawn]]


def as_audited(report: Report) -> Sequence[Sight]:
    """See a report that was audited as a whole."""
    return list(sights(report, audited(report)))


def as_each_alone(report: Report) -> Sequence[Sight]:
    """See a report whose tables were looked at one by one."""
    return list(sights(report, one_by_one(report)))


def as_simply_suppressed(report: Report) -> Sequence[Sight]:
    """See a report with exact tables and margins, small counts hidden."""
    return list(simply_suppressed(report))
