"""Disclosure of estimates: enough persons behind each, rounded until nobody can count back to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

import numpy as np

from backtorule_eval.analyses.estimate import Estimate, Measure
from backtorule_eval.disclosure.decision import Decision, Reason, count_decision, hide, rounded, show
from backtorule_eval.disclosure.formulas import DIFFERENCES, LOG_ODDS, RISKS, Formula, formula_of
from backtorule_eval.disclosure.fourfold import compares_two_groups, counts_behind
from backtorule_eval.disclosure.recount import Level, Recount, finest
from backtorule_eval.disclosure.released import ShownEstimate
from backtorule_eval.disclosure.rounding import BAND, TWO_FIGURES, How, Rounding, Shown
from backtorule_eval.disclosure.rules import DisclosureRules

VALUES = ("value", "low", "high")
P_VALUES = ("p_value", "p_holm")
COUNTS = ("n", "n_events", "n_missing")
# Offices, schools, counsellors: a count of no participant.
NOT_PERSONS = ("n_clusters",)
# With the released interval they would give back the digits that rounding took.
PRECISE = ("std_error", "df", "smallest_arm")
NUMBERS = (*VALUES, *P_VALUES, *COUNTS, *NOT_PERSONS, *PRECISE)

# Removes the noise of binary fractions from counts.
CLEAN = 6
SHARES = (Measure.RISK, Measure.RISK_DIFFERENCE)
ONE_GROUP = (Measure.RISK, Measure.MEAN)
FORMULAS: Mapping[Measure, tuple[Formula, ...]] = {
    Measure.RISK_DIFFERENCE: DIFFERENCES,
    Measure.LOG_ODDS: LOG_ODDS,
    Measure.RISK: RISKS,
}


def _nearest(step: float) -> Level:
    """Round all three alike."""
    how = Rounding(How.NEAREST, step)
    return Level(how, how, how)


def _outward(step: float, interval: float) -> Level:
    """Round the interval coarser than its value, and never narrower than it is."""
    return Level(Rounding(How.NEAREST, step), Rounding(How.DOWN, interval), Rounding(How.UP, interval))


TO_TWO_FIGURES = Level(TWO_FIGURES, TWO_FIGURES, TWO_FIGURES)
# Points: whole, fives, tens; an interval goes before its value.
OF_SHARES = (_nearest(0.01), _nearest(0.05), _outward(0.05, 0.1), _nearest(0.1), _outward(0.1, 0.2))
OF_LOG_ODDS = (TO_TWO_FIGURES, _nearest(0.1), _outward(0.1, 0.5), _nearest(0.5), _outward(0.5, 1))
LEVELS: Mapping[Measure, tuple[Level, ...]] = {
    Measure.RISK: OF_SHARES,
    Measure.RISK_DIFFERENCE: OF_SHARES,
    Measure.LOG_ODDS: OF_LOG_ODDS,
}


def figures(estimate: Estimate) -> dict[str, float]:
    """Every figure of the estimate by name."""
    return {name: value for name in NUMBERS if (value := getattr(estimate, name)) is not None}


def decide(estimate: Estimate, rules: DisclosureRules) -> dict[str, Decision]:
    """Decide on an estimate: as a whole when too few stand behind it, else figure by figure."""
    found = figures(estimate)
    if reason := _too_few(estimate, rules):
        return {name: hide(name, reason) for name in found}
    decisions = [
        *_decide_values(estimate, rules),
        *(count_decision(name, int(found[name]), rules) for name in COUNTS if name in found),
        *(show(name) for name in NOT_PERSONS),
        *(hide(name, Reason.TOO_PRECISE) for name in PRECISE),
    ]
    return {d.figure: d for d in decisions if d.figure in found}


def _decide_values(estimate: Estimate, rules: DisclosureRules) -> list[Decision]:
    """Decide on value, interval and p-values; nothing of them is shown where no level is coarse enough."""
    level = _level(estimate, rules)
    if level is None:
        return [hide(name, Reason.TOO_PRECISE) for name in (*VALUES, *P_VALUES)]
    shown = zip(VALUES, (level.value, level.low, level.high), strict=True)
    return [*(rounded(name, how) for name, how in shown), *(rounded(name, BAND) for name in P_VALUES)]


def _too_few(estimate: Estimate, rules: DisclosureRules) -> Reason | None:
    """Return why too few people stand behind the estimate, None if enough do."""
    group = _smallest_group(estimate)
    if estimate.n < rules.smallest_group or (group is not None and group < rules.smallest_group):
        return Reason.SMALL_GROUP
    if estimate.std_error == 0:
        return Reason.ALL_ALIKE
    if estimate.n_events is not None:
        rarer = min(estimate.n_events, estimate.n - estimate.n_events)
        if rarer < rules.threshold:
            return Reason.FEW_EVENTS
    elif compares_two_groups(estimate):
        return Reason.FEW_EVENTS  # nobody said how many
    fewest = np.round(counts_behind(estimate).min(initial=np.inf), CLEAN)
    return Reason.FEW_EVENTS if fewest < rules.threshold else None


def _smallest_group(estimate: Estimate) -> int | None:
    """Persons in the smallest group behind the estimate; None when that was not said."""
    return estimate.n if estimate.measure in ONE_GROUP else estimate.smallest_arm


def _level(estimate: Estimate, rules: DisclosureRules) -> Level | None:
    """Return the finest level at which nobody can count back; None if there is none.

    Without counts to come back to it is admitted by form: whole points (fives when a group is small, or when
    nobody said how small), else two figures.
    """
    levels = LEVELS.get(estimate.measure, (TO_TWO_FIGURES,))
    if estimate.measure in SHARES:
        levels = (replace(levels[0], needed=rules.coarse_below), *levels[1:])
    tried = list(_recounts(estimate))
    if not tried:
        group = _smallest_group(estimate) or 0
        return next(level for level in levels if group >= level.needed)
    found = [level for recount in tried if (level := finest(recount, levels, rules))]
    return max(found, key=levels.index) if len(found) == len(tried) else None


def _recounts(estimate: Estimate) -> Iterator[Recount]:
    """Yield every way in which a reader may count back to the persons behind an estimate."""
    p_values = [p for name in P_VALUES if (p := getattr(estimate, name)) is not None]
    for behind in counts_behind(estimate):
        # Of an adjusted estimate: the nearest counts that add up.
        with_event = np.round(behind[::2])
        with_event[-1] = round(behind[::2].sum()) - with_event[:-1].sum()
        sizes = np.round(behind.reshape(-1, 2).sum(axis=1))
        cells = np.stack([with_event, sizes - with_event], axis=1).astype(np.int64).ravel()
        formula = formula_of(
            FORMULAS[estimate.measure],
            cells[:, None],
            level=estimate.level,
            low=estimate.low,
            high=estimate.high,
        )
        yield Recount(
            cells=tuple(cells.tolist()),
            formula=formula,
            level=estimate.level,
            p_times=tuple(p / p_values[0] if p_values[0] else 1.0 for p in p_values),
            events_shown=estimate.n_events is not None,
        )


def release(estimate: Estimate, shown: Mapping[str, Shown]) -> ShownEstimate:
    """Return the estimate with its figures as shown."""
    values = {f.name: getattr(estimate, f.name) for f in fields(estimate)}
    return ShownEstimate(**values | {name: shown[name] for name in figures(estimate)})
