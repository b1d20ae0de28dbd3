"""Small things to claim, with only what a test cares about spelled out."""

from __future__ import annotations

from typing import Any

from backtorule_eval.analyses.estimate import Estimand, Estimate, Measure
from backtorule_eval.analyses.tables import (
    CountTable,
    Dimension,
    Flow,
    FlowCount,
    Level,
    MeanRow,
    MeanTable,
    Refusal,
)
from backtorule_eval.cohort.dictionary import Text
from backtorule_eval.disclosure.claim import Claim, Publishable


def text(words: str) -> Text:
    return Text(nb=f"{words} (nb)", en=words)


def estimate(**given: Any) -> Estimate:
    shown = dict(
        question="q",
        population="participants",
        outcome="passed",
        contrast="programme_minus_comparison",
        estimand=Estimand.ASSOCIATION,
        measure=Measure.RISK_DIFFERENCE,
        unit="points",
        value=0.1834,
        low=0.1091,
        high=0.2534,
        std_error=0.037,
        p_value=0.0231,
        n=83,
        n_events=41,
        n_missing=12,
        smallest_arm=40,
    )
    return Estimate(**shown | given)


def counts(*numbers: int, sensitive: bool = False, levels: tuple[str, ...] = ()) -> CountTable:
    keys = levels or tuple("abcdefghij"[: len(numbers)])
    dimension = Dimension(
        name="area",
        label=text("Area"),
        levels=tuple(Level(key=key, label=text(key.upper())) for key in keys),
        sensitive=sensitive,
    )
    return CountTable(question="q", population="participants", dimensions=(dimension,), counts=numbers)


def two_way(*numbers: int, sensitive: bool = False) -> CountTable:
    """Two genders by the levels of a second dimension."""
    gender = Dimension(
        name="gender",
        label=text("Gender"),
        levels=(Level(key="female", label=text("Women")), Level(key="male", label=text("Men"))),
    )
    area = counts(*numbers[: len(numbers) // 2], sensitive=sensitive).dimensions[0]
    return CountTable(question="q", population="participants", dimensions=(gender, area), counts=numbers)


def mean(n: int, n_missing: int, **given: Any) -> MeanRow:
    shown = dict(name="rses", label=text("Self-esteem"), mean=28.43, sd=5.21, low=26.74, high=30.12)
    return MeanRow(n=n, n_missing=n_missing, **shown | given)


def means(*rows: MeanRow) -> MeanTable:
    return MeanTable(question="q", population="participants", rows=rows)


def flow(received: int, *removed: int) -> Flow:
    steps = [FlowCount(step="received", label=text("Received"), n=received)]
    steps += [FlowCount(step=f"out_{i}", label=text(f"Out {i}"), n=n) for i, n in enumerate(removed)]
    steps += [FlowCount(step="analysed", label=text("Analysed"), n=received - sum(removed))]
    return Flow(question="q", population="participants", steps=tuple(steps))


def refusal(**given: Any) -> Refusal:
    shown = dict(
        question="q", population="participants", model="logit", reason="events", needed=10.0, found=18.0
    )
    return Refusal(**shown | given)


def claim(*things: Publishable, key: str = "01_cohort/q", **given: Any) -> Claim:
    return Claim(**dict(key=key, cohort="demo", view="counts") | given, things=things)
