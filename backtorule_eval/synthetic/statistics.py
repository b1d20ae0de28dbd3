"""Which truths there are, and how each is computed from people who lived in several worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from backtorule_eval.synthetic.assignment import Design
from backtorule_eval.synthetic.parameters import HORIZONS, PARAMETERS, SUBSCALES
from backtorule_eval.synthetic.streams import Booleans, Floats
from backtorule_eval.synthetic.worlds import DIRECT, OUTCOMES, WITH, WITHOUT, Worlds

LAST = HORIZONS[-1]
# Outcomes with the populations they are told for.
TOLD_FOR = (
    ("left", "enrolled"),
    ("completed", "all"),
    ("completed", "enrolled"),
    ("completed", "out"),
    ("completed_not_passed", "enrolled"),
    ("share_passed", "all"),
    ("share_passed", "enrolled"),
    ("share_passed", "out"),
    ("social_assistance", "all"),
)
COMPOSITES = {
    "autonomous": ("know", "accomplish", "stimulation", "identified"),
    "controlled": ("introjected", "external"),
    "intrinsic": ("know", "accomplish", "stimulation"),
    "extrinsic": ("identified", "introjected", "external"),
    **{name: (name,) for name in SUBSCALES},
}
# Sets of scores that stand in a model together.
READINGS = {
    "autonomy": ("autonomous", "controlled"),
    "autonomy_and_amotivation": ("autonomous", "controlled", "amotivation"),
    "intrinsic_extrinsic": ("intrinsic", "extrinsic"),
    "subscales": SUBSCALES,
}


Share = Callable[[Worlds], float]
Weigh = Callable[[Worlds], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One truth, or several that are computed together; `of` gives them as shares."""

    population: str
    outcome: str
    horizon_months: int
    estimand: str
    contrasts: tuple[str, ...]
    estimable: bool
    of: Callable[[Worlds], Sequence[float]]
    unit: str = "percentage points"


def _single(
    told: tuple[str, str, int], share: Share, *, estimand: str, contrast: str, estimable: bool
) -> Statistic:
    """A statistic of one truth, about an outcome in a population at a horizon."""
    outcome, population, horizon = told
    return Statistic(
        population=population,
        outcome=outcome,
        horizon_months=horizon,
        estimand=estimand,
        contrasts=(contrast,),
        estimable=estimable,
        of=lambda worlds: (share(worlds),),
    )


def _everybody(worlds: Worlds) -> Floats:
    """Weights that count everybody."""
    return np.ones_like(worlds.propensity)


def _treated(worlds: Worlds) -> Floats:
    """Weights that make those who took part: e."""
    return worlds.propensity


def _compared(worlds: Worlds) -> Floats:
    """Weights that make those who did not: 1 - e."""
    return 1 - worlds.propensity


def _either(worlds: Worlds) -> Floats:
    """Weights of those who could have been in either group: e (1 - e)."""
    return worlds.propensity * (1 - worlds.propensity)


def statistics(design: Design) -> Iterator[Statistic]:
    """Every truth of a design."""
    compared = design != "none"
    yield from _incidences(compared=compared)
    yield from _effects(compared=compared)
    yield from _gaps(compared=compared)
    yield from _associations(compared=compared)


def _in_population(worlds: Worlds, population: str) -> Booleans:
    """Who belongs to a population."""
    return {"all": worlds.enrolled | True, "enrolled": worlds.enrolled, "out": ~worlds.enrolled}[population]


def _mean(worlds: Worlds, weights: Floats, *, world: int, told: tuple[str, str, int]) -> float:
    """Weighted mean of an outcome in one world."""
    outcome, population, horizon = told
    values = worlds.outcomes[world, OUTCOMES.index(outcome), HORIZONS.index(horizon)]
    return float(np.average(values, weights=weights * _in_population(worlds, population)))


def _share(told: tuple[str, str, int], *, world: int, weigh: Weigh) -> Share:
    """Mean of an outcome in one world, over the people a weight picks out."""
    return lambda worlds: _mean(worlds, weigh(worlds), world=world, told=told)


def _minus(first: Share, second: Share) -> Share:
    """The first minus the second."""
    return lambda worlds: first(worlds) - second(worlds)


def _told() -> Iterator[tuple[str, str, int]]:
    """Outcome, population and horizon of everything that is told."""
    for (outcome, population), horizon in product(TOLD_FOR, HORIZONS):
        if outcome != "social_assistance" or horizon == LAST:
            yield outcome, population, horizon


def _told_at_last() -> Iterator[tuple[str, str, int]]:
    """The same at the last horizon alone."""
    return (told for told in _told() if told[2] == LAST)


def _incidences(*, compared: bool) -> Iterator[Statistic]:
    """What happens in each group as it is."""
    groups: list[tuple[str, int, Weigh]] = [("programme", WITH, _treated)]
    if compared:
        groups.append(("comparison", WITHOUT, _compared))
    for (group, world, weigh), told in product(groups, _told()):
        share = _share(told, world=world, weigh=weigh)
        yield _single(told, share, estimand="incidence", contrast=group, estimable=True)


def _effects(*, compared: bool) -> Iterator[Statistic]:
    """What the programme does to those who took part, to all, to those who could be in either group."""
    estimands: dict[str, Weigh] = {"att": _treated}
    if compared:
        estimands |= {"ate": _everybody, "ato": _either}
    contrast = "programme_minus_none"
    for (name, weigh), told in product(estimands.items(), _told()):
        effect = _minus(_share(told, world=WITH, weigh=weigh), _share(told, world=WITHOUT, weigh=weigh))
        if name == "att" or told[2] == LAST:
            yield _single(told, effect, estimand=name, contrast=contrast, estimable=compared)
    for told in _told_at_last():
        through = _minus(_share(told, world=WITH, weigh=_treated), _share(told, world=DIRECT, weigh=_treated))
        yield _single(told, through, estimand="through_motivation", contrast=contrast, estimable=compared)
        # The plain difference between the groups is not the effect when they differed at start.
        plain = _minus(_share(told, world=WITH, weigh=_treated), _share(told, world=WITHOUT, weigh=_compared))
        if compared:
            yield _single(
                told, plain, estimand="naive", contrast="programme_minus_comparison", estimable=True
            )


def _gaps(*, compared: bool) -> Iterator[Statistic]:
    """The gap between those whose parents received social assistance and those whose parents did not.

    Among those who took part, with the programme and as it would have been without it.
    """

    def gap(told: tuple[str, str, int], *, world: int) -> Share:
        def share(worlds: Worlds) -> float:
            yes, no = (worlds.propensity * (worlds.parents_benefit == answer) for answer in (1, 0))
            return _mean(worlds, yes, world=world, told=told) - _mean(worlds, no, world=world, told=told)

        return share

    for told in _told_at_last():
        with_it, without = gap(told, world=WITH), gap(told, world=WITHOUT)
        kinds = {
            "with_programme": with_it,
            "without_programme": without,
            "with_minus_without": _minus(with_it, without),
        }
        for kind, share in kinds.items():
            estimable = compared or kind == "with_programme"
            yield _single(
                told, share, estimand="gap", contrast=f"parents_benefit.{kind}", estimable=estimable
            )


def _associations(*, compared: bool) -> Iterator[Statistic]:
    """What motivation at start goes with: coefficients of the population's least-squares line, scores in SD.

    The line holds the scores of one reading, the group if there are two, and, where adjusted, what is known
    at start.
    """
    for told, (reading, names), scores, adjusted in product(
        _LINES_FOR, READINGS.items(), ("observed", "true"), ("adjusted", "unadjusted")
    ):
        line = _Line(
            told=told,
            names=names,
            observed=scores == "observed",
            adjusted=adjusted == "adjusted",
            groups=compared,
        )
        wanted = [f"per_sd.ams_{name}" for name in names]
        if reading != "subscales":
            wanted.append(f"ams_{names[0]}_minus_ams_{names[1]}")
        outcome, population, horizon = told
        yield Statistic(
            population=population,
            outcome=outcome,
            horizon_months=horizon,
            estimand="association",
            contrasts=tuple(f"{contrast}.{reading}.{scores}.{adjusted}" for contrast in wanted),
            estimable=scores == "observed",
            of=line.coefficients,
            unit="percentage points per SD",
        )


_LINES_FOR = (("left", "enrolled", LAST), ("completed", "enrolled", LAST), ("share_passed", "all", LAST))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A least-squares line of the population."""

    told: tuple[str, str, int]
    names: tuple[str, ...]
    observed: bool
    adjusted: bool
    groups: bool

    def coefficients(self, worlds: Worlds) -> Sequence[float]:
        """Coefficients of the scores per SD; of two or three also the first minus the second."""
        outcome, population, horizon = self.told
        own = _in_population(worlds, population)
        scores = self._scores(worlds)[own]
        columns = [np.ones(len(scores)), *((scores - scores.mean(axis=0)) / scores.std(axis=0)).T]
        if self.groups:
            columns.append(worlds.programme[own].astype(np.float64))
        if self.adjusted:
            columns.extend(worlds.covariates[own].T)
        design = np.stack(columns, axis=1)
        values = worlds.outcomes[:, OUTCOMES.index(outcome), HORIZONS.index(horizon)]
        happened = np.where(worlds.programme, values[WITH], values[WITHOUT])[own]
        fitted = np.linalg.lstsq(design.T @ design, design.T @ happened)[0]
        found = [float(c) for c in fitted[1 : 1 + len(self.names)]]
        return found if self.names == SUBSCALES else [*found, found[0] - found[1]]

    def _scores(self, worlds: Worlds) -> Floats:
        """Scores of the reading: means of subscales in points of the scale."""
        spread, mean = np.array(PARAMETERS.motivation.sd), np.array(PARAMETERS.motivation.mean)
        points = worlds.observed_scores if self.observed else mean + spread * worlds.true_scores
        parts = [[SUBSCALES.index(s) for s in COMPOSITES[name]] for name in self.names]
        return np.stack([points[:, part].mean(axis=1) for part in parts], axis=1)
