"""What a report states about numbers of people, in one form: how many are in these cells of this group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from backtorule_eval.analyses.estimate import Estimate, Measure
from backtorule_eval.analyses.tables import CountTable, Flow, MeanRow, MeanTable, Refusal
from backtorule_eval.disclosure.claim import Claim, Publishable
from backtorule_eval.disclosure.counts import rests_that_tell
from backtorule_eval.disclosure.rules import DisclosureRules

PERSONS = "persons"


@dataclass(frozen=True, slots=True, order=True)
class Axis:
    """A classification of persons; two tables share it when name and levels are the same."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Population:
    """A group of persons; a name that stands for groups of several sizes stands for several groups."""

    name: str
    total: int


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """One thing of a claim: the claim's key and the thing's number."""

    key: str
    number: int


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """Where a count stands: the claim's key and the figure's name in the plan."""

    key: str
    name: str

    @property
    def thing(self) -> Thing:
        """The thing of the claim in which it stands."""
        return Thing(self.key, int(self.name.split(".", 1)[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One number of persons.

    Attributes
    ----------
    truth : int
    figure : Figure or None
        Where it stands; None for a number that stands nowhere but follows from the table.
    population : Population or None
        Whom the cells divide; None when only `extras` are counted.
    axes, cells
        Persons in any of these cells (positions of levels along the axes); no axes: the whole population.
    extras : tuple of str
        Groups outside every population that are counted too: those removed before the analysis.
    guarded : bool
        A number that stands nowhere and must not be told: the rest beside "nearly all".
    same : str
        Statements with the same text here count the same persons.
    """

    truth: int
    figure: Figure | None = None
    population: Population | None = None
    axes: tuple[Axis, ...] = ()
    cells: tuple[tuple[int, ...], ...] = ((),)
    extras: tuple[str, ...] = ()
    guarded: bool = False
    same: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A shown share of persons that equals one count by another; `figure` is where it stands."""

    figure: Figure
    part: Figure
    whole: Figure


def statements(
    claims: Sequence[Claim], rules: DisclosureRules, *, without: Collection[Thing] = ()
) -> tuple[Statement, ...]:
    """What numbers of persons do the claims hold, apart from some things that are not shown at all?"""
    known = _Known(
        populations=frozenset(_populations(claims)),
        ambiguous=frozenset(
            axis for axis, n in Counter(axis for axis, _ in _margins(claims)).items() if n > 1
        ),
    )
    found: list[Statement] = []
    for claim in claims:
        for i, thing in enumerate(claim.things):
            if Thing(claim.key, i) not in without:
                found += _of_thing(thing, claim.key, f"{i}.", known=known, rules=rules)
    return tuple(found)


def shares(claims: Sequence[Claim]) -> tuple[Share, ...]:
    """Which estimates are plain shares of persons, so that value and n bound the events?"""
    return tuple(
        Share(
            figure=Figure(claim.key, f"{i}.value"),
            part=Figure(claim.key, f"{i}.n_events"),
            whole=Figure(claim.key, f"{i}.n"),
        )
        for claim in claims
        for i, thing in enumerate(claim.things)
        if isinstance(thing, Estimate) and thing.measure is Measure.RISK and thing.n_events is not None
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What all claims together tell of groups and classifications.

    Attributes
    ----------
    ambiguous : frozenset
        Classifications of one group with one name and different numbers: they cannot be the same one.
    """

    populations: frozenset[Population]
    ambiguous: frozenset[tuple[Population, Axis]]

    def axis(self, population: Population, axis: Axis, margin: tuple[int, ...]) -> Axis:
        """Return the axis, under a name of its own where one name stands for several."""
        if (population, axis) not in self.ambiguous:
            return axis
        return Axis(f"{axis.name} {margin}", axis.levels)


def _margins(claims: Sequence[Claim]) -> set[tuple[tuple[Population, Axis], tuple[int, ...]]]:
    """Return every classification of every group with its numbers."""
    return {margin for claim in claims for thing in claim.things for margin in _margins_of(thing)}


def _margins_of(thing: object) -> Iterator[tuple[tuple[Population, Axis], tuple[int, ...]]]:
    """Yield every classification in one thing with its numbers."""
    if isinstance(thing, CountTable):
        whom = Population(thing.population, sum(thing.counts))
        yield from (((whom, axis), margin) for axis, margin in _axes_of(thing))
    elif isinstance(thing, MeanTable):
        for row in thing.rows:
            whom = Population(thing.population, row.n + row.n_missing)
            yield (whom, _value_axis(row)), (row.n, row.n_missing)


def _axes_of(table: CountTable) -> Iterator[tuple[Axis, tuple[int, ...]]]:
    """Yield the table's axes with the numbers at each level."""
    cells = list(product(*(range(len(d.levels)) for d in table.dimensions)))
    for i, dimension in enumerate(table.dimensions):
        sums = [0] * len(dimension.levels)
        for cell, count in zip(cells, table.counts, strict=True):
            sums[cell[i]] += count
        yield Axis(dimension.name, tuple(level.key for level in dimension.levels)), tuple(sums)


def _value_axis(row: MeanRow) -> Axis:
    """Return the axis that divides persons with a value from those without."""
    return Axis(f"value of {row.name}", ("value", "missing"))


def _populations(claims: Sequence[Claim]) -> Iterator[Population]:
    """Yield every group of persons whose size follows from a table."""
    for claim in claims:
        for thing in claim.things:
            if isinstance(thing, CountTable):
                yield Population(thing.population, sum(thing.counts))
            elif isinstance(thing, MeanTable):
                yield from (Population(thing.population, row.n + row.n_missing) for row in thing.rows)
            elif isinstance(thing, Flow):
                yield Population(thing.population, thing.steps[-1].n)


def _of_thing(
    thing: Publishable, key: str, prefix: str, *, known: _Known, rules: DisclosureRules
) -> Iterator[Statement]:
    """Yield the statements of one thing."""
    if isinstance(thing, CountTable):
        yield from _of_counts(thing, key, prefix, known=known, rules=rules)
    elif isinstance(thing, MeanTable):
        yield from _of_means(thing, key, prefix, known)
    elif isinstance(thing, Flow):
        yield from _of_flow(thing, key, prefix)
    elif isinstance(thing, Estimate):
        yield from _of_estimate(thing, key, prefix, known.populations)
    else:
        yield from _of_refusal(thing, key, prefix, known.populations)


def _of_counts(
    table: CountTable, key: str, prefix: str, *, known: _Known, rules: DisclosureRules
) -> Iterator[Statement]:
    """Yield each cell, and what stands beside a cell that holds nearly all."""
    population = Population(table.population, sum(table.counts))
    axes = tuple(known.axis(population, axis, margin) for axis, margin in _axes_of(table))
    cells = list(product(*(range(len(axis.levels)) for axis in axes)))
    for i, (cell, count) in enumerate(zip(cells, table.counts, strict=True)):
        figure = Figure(key, f"{prefix}counts.{i}")
        yield Statement(figure=figure, truth=count, population=population, axes=axes, cells=(cell,))
    for rest in rests_that_tell(table, rules):
        n_rest = sum(table.counts[i] for i in rest)
        beside = tuple(cells[i] for i in rest)
        yield Statement(truth=n_rest, population=population, axes=axes, cells=beside, guarded=True)


def _of_means(table: MeanTable, key: str, prefix: str, known: _Known) -> Iterator[Statement]:
    """Yield those with and those without a value, row by row."""
    for i, row in enumerate(table.rows):
        population = Population(table.population, row.n + row.n_missing)
        axes = (known.axis(population, _value_axis(row), (row.n, row.n_missing)),)
        for level, name in enumerate(("n", "n_missing")):
            yield Statement(
                figure=Figure(key, f"{prefix}rows.{i}.{name}"),
                truth=getattr(row, name),
                population=population,
                axes=axes,
                cells=((level,),),
            )


def _of_flow(flow: Flow, key: str, prefix: str) -> Iterator[Statement]:
    """Yield those received, those removed at each step, and those analysed."""
    population = Population(flow.population, flow.steps[-1].n)
    removed = [f"removed {flow.population} {i} {step.step}" for i, step in enumerate(flow.steps)][1:-1]
    last = len(flow.steps) - 1
    for i, step in enumerate(flow.steps):
        within = i in (0, last)
        yield Statement(
            figure=Figure(key, f"{prefix}steps.{i}.n"),
            truth=step.n,
            population=population if within else None,
            extras=tuple(removed) if i == 0 else () if within else (removed[i - 1],),
        )


def _of_estimate(
    estimate: Estimate, key: str, prefix: str, known: frozenset[Population]
) -> Iterator[Statement]:
    """Yield those in the model, with the event, left out as missing, and outside for other reasons."""
    n_missing, n_events = estimate.n_missing or 0, estimate.n_events or 0
    population = _home(estimate.population, estimate.n + n_missing, known)
    who = f"{population.name} {population.total} {estimate.n} {n_missing}"
    axis = Axis(f"in the model {who} {estimate.outcome} {n_events}", ("event", "none", "missing", "other"))
    rest = population.total - estimate.n - n_missing
    rows: list[tuple[str, int | None, tuple[int, ...], str]] = [
        ("n", estimate.n, (0, 1), f"{who} n"),
        ("n_events", estimate.n_events, (0,), ""),
        ("n_missing", estimate.n_missing, (2,), f"{who} missing"),
        ("", estimate.n - n_events, (1,), ""),
        ("", n_events, (0,), ""),
        ("", n_missing, (2,), ""),
        ("", rest, (3,), f"{who} other"),
    ]
    for name, truth, levels, same in rows:
        if truth is not None:
            yield Statement(
                figure=Figure(key, prefix + name) if name else None,
                truth=truth,
                population=population,
                axes=(axis,),
                cells=tuple((level,) for level in levels),
                same=same,
            )


def _of_refusal(refusal: Refusal, key: str, prefix: str, known: frozenset[Population]) -> Iterator[Statement]:
    """Yield the persons found, where persons were counted."""
    if refusal.unit != PERSONS or refusal.found is None or refusal.found != int(refusal.found):
        return
    found = int(refusal.found)
    population = _home(refusal.population, found, known)
    axes = (Axis(f"found {population.name} {population.total} {refusal.reason} {found}", ("yes", "no")),)
    figure = Figure(key, f"{prefix}found")
    yield Statement(figure=figure, truth=found, population=population, axes=axes, cells=((0,),))
    yield Statement(truth=population.total - found, population=population, axes=axes, cells=((1,),))


def _home(name: str, at_least: int, known: frozenset[Population]) -> Population:
    """Return the smallest known group of this name that can hold so many, or a group of its own."""
    sizes = [p.total for p in known if p.name == name and p.total >= at_least]
    return Population(name, min(sizes, default=at_least))
