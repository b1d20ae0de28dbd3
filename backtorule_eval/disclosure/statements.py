"""What a report states about numbers of people, in one form: how many are in these cells of this group."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from backtorule_eval.analyses.balance import Balance
from backtorule_eval.analyses.choices import ChoiceCurve
from backtorule_eval.analyses.curves import Calibration, Curve
from backtorule_eval.analyses.estimate import Estimate, Measure
from backtorule_eval.analyses.joint_display import JointDisplay
from backtorule_eval.analyses.quality import Quality
from backtorule_eval.analyses.tables import CountTable, Flow, MeanTable, Refusal
from backtorule_eval.disclosure.claim import Claim, Publishable
from backtorule_eval.disclosure.classifications import (
    Axis,
    Coarser,
    Known,
    Layout,
    Population,
    Thing,
    known_together,
    value_axis,
)
from backtorule_eval.disclosure.counts import decide, rests_that_tell
from backtorule_eval.disclosure.decision import Action
from backtorule_eval.disclosure.rules import DisclosureRules
from backtorule_eval.errors import DisclosureRefused

PERSONS = "persons"
# Kinds that show no number of persons.
NO_NUMBERS = (Calibration, Balance)


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
    inside : bool
        Part of a number that is shown or hidden as a whole: a category that was merged with others.
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
    inside: bool = False
    same: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A shown share of persons that equals one count by another; `figure` is where it stands."""

    figure: Figure
    part: Figure
    whole: Figure


def statements(
    claims: Sequence[Claim],
    rules: DisclosureRules,
    *,
    coarser: Coarser | None = None,
    dropped: Collection[Thing] = (),
) -> tuple[Statement, ...]:
    """What numbers of persons do the claims hold?

    Parameters
    ----------
    claims : sequence of Claim
    rules : DisclosureRules
    coarser : mapping of Thing to sequence of Coarsening, optional
        Tables that are shown coarser than they were claimed.
    dropped : collection of Thing
        Not shown at all.
    """
    shown = {
        Thing(claim.key, i): thing
        for claim in claims
        for i, thing in enumerate(claim.things)
        if Thing(claim.key, i) not in dropped
    }
    tables = {at: thing for at, thing in shown.items() if isinstance(thing, CountTable)}
    known = known_together(claims, tables, coarser or {})
    found: list[Statement] = []
    for at, thing in shown.items():
        if isinstance(thing, CountTable):
            layout = known.layout(thing, (coarser or {}).get(at, ()))
            found += _of_counts(layout, at.key, f"{at.number}.", rules=rules)
        else:
            found += _of_thing(thing, at.key, f"{at.number}.", known=known)
    return tuple(found)


def shares(claims: Sequence[Claim]) -> tuple[Share, ...]:
    """Which estimates are plain shares of persons, so that value and n bound the events?"""
    return tuple(
        Share(
            figure=Figure(claim.key, f"{prefix}value"),
            part=Figure(claim.key, f"{prefix}n_events"),
            whole=Figure(claim.key, f"{prefix}n"),
        )
        for claim in claims
        for i, thing in enumerate(claim.things)
        for prefix, estimate in _estimates_in(thing, f"{i}.")
        if estimate.measure is Measure.RISK and estimate.n_events is not None
    )


def _estimates_in(thing: Publishable, prefix: str) -> Iterator[tuple[str, Estimate]]:
    """Yield each estimate of a thing with what its figures' names begin with."""
    if isinstance(thing, Estimate):
        yield prefix, thing
    elif isinstance(thing, JointDisplay):
        yield from (
            (f"{prefix}rows.{i}.number.", row.number) for i, row in enumerate(thing.rows) if row.number
        )
    elif isinstance(thing, ChoiceCurve):
        yield from ((f"{prefix}rows.{i}.", row.estimate) for i, row in enumerate(thing.rows))


def _of_thing(thing: Publishable, key: str, prefix: str, *, known: Known) -> Iterator[Statement]:
    """Yield the statements of one thing that is no table of counts.

    Raises
    ------
    DisclosureRefused
        Nobody has said what numbers of persons such a thing holds.
    """
    if isinstance(thing, MeanTable):
        yield from _of_means(thing, key, prefix, known)
    elif isinstance(thing, Flow):
        yield from _of_flow(thing, key, prefix)
    elif isinstance(thing, Estimate | ChoiceCurve):
        for start, estimate in _estimates_in(thing, prefix):
            yield from _of_estimate(estimate, key, start, known.populations)
    elif isinstance(thing, JointDisplay):
        yield from _of_joint(thing, key, prefix, known)
    elif isinstance(thing, Refusal):
        yield from _of_refusal(thing, key, prefix, known.populations)
    elif isinstance(thing, Quality):
        yield from _of_quality(thing, key, prefix, known.populations)
    elif isinstance(thing, Curve):
        yield from _of_curve(thing, key, prefix, known.populations)
    elif not isinstance(thing, NO_NUMBERS):
        raise DisclosureRefused(f"{key}: it is not known what numbers of persons this kind of output holds.")


def _of_counts(layout: Layout, key: str, prefix: str, *, rules: DisclosureRules) -> Iterator[Statement]:
    """Yield each cell, and what stands beside a cell that holds nearly all."""
    table, axes = layout.shown, layout.axes
    whom = Population(table.population, sum(table.counts))
    for i, (cells, count) in enumerate(zip(layout.cells, table.counts, strict=True)):
        figure = Figure(key, f"{prefix}counts.{i}")
        yield Statement(figure=figure, truth=count, population=whom, axes=axes, cells=cells)
    for rest in rests_that_tell(table, rules):
        n_rest = sum(table.counts[i] for i in rest)
        beside = tuple(sorted(cell for i in rest for cell in layout.cells[i]))
        yield Statement(truth=n_rest, population=whom, axes=axes, cells=beside, guarded=True)
    yield from _within_cells(layout, rules)


def _within_cells(layout: Layout, rules: DisclosureRules) -> Iterator[Statement]:
    """Yield what a merged cell is made of, where other tables tell that apart.

    These numbers stand nowhere, but what the table would have hidden of them must still not be told.
    """
    table, axes = layout.finest, layout.axes
    whom = Population(table.population, sum(table.counts))
    single = {cells[0] for cells in layout.cells if len(cells) == 1}
    every = product(*(range(len(axis.levels)) for axis in axes))
    for cell, count, decision in zip(every, table.counts, decide(table, rules).values(), strict=True):
        if cell not in single:
            yield Statement(
                truth=count,
                population=whom,
                axes=axes,
                cells=(cell,),
                guarded=decision.action is Action.HIDE,
                inside=True,
            )


def _of_means(table: MeanTable, key: str, prefix: str, known: Known) -> Iterator[Statement]:
    """Yield those with and those without a value, row by row."""
    for i, row in enumerate(table.rows):
        population = Population(table.population, row.n + row.n_missing)
        axes = (known.axis(population, value_axis(row), (row.n, row.n_missing)),)
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


def _of_quality(quality: Quality, key: str, prefix: str, known: frozenset[Population]) -> Iterator[Statement]:
    """Yield the persons behind each row, and those of the population who are not.

    Where all rows have the same numbers they are of the same persons.
    """
    alike = len({(row.n, row.n_missing) for row in quality.rows}) == 1
    for i, row in enumerate(quality.rows):
        population = _home(quality.population, row.n + row.n_missing, known)
        who = f"answered {population.name} {population.total} {quality.question} {row.n}"
        behind = who if alike else f"{who} {row.name}"
        axes = (Axis(behind, ("yes", "no")),)
        for level, truth in enumerate((row.n, population.total - row.n)):
            yield Statement(
                figure=None if level else Figure(key, f"{prefix}rows.{i}.n"),
                truth=truth,
                population=population,
                axes=axes,
                cells=((level,),),
                same=f"{behind} {level}" if alike else "",
            )


def _of_curve(curve: Curve, key: str, prefix: str, known: frozenset[Population]) -> Iterator[Statement]:
    """Yield those followed from the start, and those of the population who are not among them."""
    n = curve.steps[0].at_risk
    population = _home(curve.population, n, known)
    group = curve.group.en if curve.group else ""
    axes = (Axis(f"followed {population.name} {population.total} {group} {n}", ("yes", "no")),)
    figure = Figure(key, f"{prefix}n")
    yield Statement(figure=figure, truth=n, population=population, axes=axes, cells=((0,),))
    yield Statement(truth=population.total - n, population=population, axes=axes, cells=((1,),))


def _of_joint(display: JointDisplay, key: str, prefix: str, known: Known) -> Iterator[Statement]:
    """Yield those interviewed, who spoke of each theme and who did not, and the persons of each number."""
    population = Population(display.population, display.n)
    yield Statement(figure=Figure(key, f"{prefix}n"), truth=display.n, population=population)
    for i, row in enumerate(display.rows):
        axes = (Axis(f"spoke of {display.question} {i} {row.theme.en} {row.said}", ("yes", "no")),)
        figure = Figure(key, f"{prefix}rows.{i}.said")
        yield Statement(figure=figure, truth=row.said, population=population, axes=axes, cells=((0,),))
        silent = display.n - row.said
        yield Statement(truth=silent, population=population, axes=axes, cells=((1,),), guarded=True)
    for start, number in _estimates_in(display, prefix):
        yield from _of_estimate(number, key, start, known.populations)


def _home(name: str, at_least: int, known: frozenset[Population]) -> Population:
    """Return the smallest known group of this name that can hold so many, or a group of its own."""
    sizes = [p.total for p in known if p.name == name and p.total >= at_least]
    return Population(name, min(sizes, default=at_least))
