"""Answers to the questionnaires: items of every scale at three waves, and who answers at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import add_months
from backtorule_eval.synthetic.lives import Lives
from backtorule_eval.synthetic.motivation import AMOTIVATION, WAVE_MONTHS, WAVES
from backtorule_eval.synthetic.parameters import SUBSCALES, Parameters, SurveyParameters
from backtorule_eval.synthetic.streams import Booleans, Floats, Integers, choose, inverse_logit

LANGUAGES = ("nb", "en", "ar", "so", "ti", "uk")
HELP = ("nobody", "interpreter", "counsellor", "other")
NOT_ANSWERED, DO_NOT_KNOW = -1, -2
# The 28 items of the AMS take turns, seven at a time.
AMS_ITEMS = tuple(f"ams_{i + 1:02d}" for i in range(28))
_TURN = ("external", "know", "identified", "stimulation", "amotivation", "accomplish", "introjected")
AMS_SUBSCALE: Integers = np.array([SUBSCALES.index(s) for s in _TURN] * 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class WellbeingScale:
    """How the items of one scale come from a person's wellbeing. All numbers are design choices.

    Attributes
    ----------
    load : float
        Correlation of the scale's true score with wellbeing; negative where a high score means strain.
    mean, sd, loading : float
        Of an item before it is rounded to a whole number between `low` and `high`.
    negative : tuple of int
        Items, counted from 1, where a high answer means a low score.
    """

    name: str
    items: int
    low: int
    high: int
    load: float
    mean: float
    sd: float
    loading: float = 0.72
    negative: tuple[int, ...] = ()


# RSES as in the Norwegian text: items 2, 5, 6, 8 and 9 are negative, answers 0 to 3.
SCALES = (
    WellbeingScale(
        name="rses", items=10, low=0, high=3, load=0.65, mean=1.8, sd=0.9, negative=(2, 5, 6, 8, 9)
    ),
    WellbeingScale(name="gse", items=10, low=1, high=4, load=0.55, mean=2.8, sd=0.8),
    WellbeingScale(name="hscl", items=10, low=1, high=4, load=-0.85, mean=1.75, sd=0.9, loading=0.78),
    WellbeingScale(name="swemwbs", items=7, low=1, high=5, load=0.80, mean=3.3, sd=1.0),
    WellbeingScale(name="ucla", items=3, low=1, high=3, load=-0.65, mean=1.75, sd=0.75),
)
ITEMS = AMS_ITEMS + tuple(f"{s.name}_{i + 1:02d}" for s in SCALES for i in range(s.items))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What came in.

    Attributes
    ----------
    values : integers, shape (waves, people, items)
        Answers; NOT_ANSWERED or DO_NOT_KNOW for single items.
    answered : booleans, shape (waves, people)
        Whether the person answered that wave at all.
    day : integers, shape (waves, people)
        Day of answering.
    help : integers, shape (waves, people)
        Position in HELP.
    language : integers, shape (people,)
        Position in LANGUAGES.
    """

    values: Integers
    answered: Booleans
    day: Integers
    help: Integers
    staff: Booleans
    language: Integers


def ams_answers(rng: np.random.Generator, scores: Floats, given: Parameters) -> Integers:
    """Answers to the 28 items from true scores, whose last axis is the subscales."""
    mean, spread = np.array(given.motivation.mean)[AMS_SUBSCALE], np.array(given.motivation.sd)[AMS_SUBSCALE]
    noise = rng.standard_normal((*scores.shape[:-1], len(AMS_ITEMS)))
    # An item is so much wider than the true score that their correlation is the loading.
    item = mean + spread * (scores[..., AMS_SUBSCALE] + np.sqrt(1 / given.motivation.loading**2 - 1) * noise)
    answers: Integers = np.clip(np.rint(item), 1, 7).astype(np.int64)
    return answers


def draw_answers(lives: Lives) -> Answers:
    """Draw who answers which wave, when, and what."""
    rng = lives.block.stream("surveys")
    given, n = lives.plan.given, len(lives)
    wellbeing = _wellbeing(rng, lives, given.surveys)
    parts = [ams_answers(rng, lives.motivation, given)]
    parts += [_scale_answers(rng, wellbeing, scale) for scale in SCALES]
    values = np.concatenate(parts, axis=2)
    skipped = rng.random(values.shape)
    values[skipped < given.surveys.item_skipped] = NOT_ANSWERED
    values[skipped > 1 - given.surveys.do_not_know] = DO_NOT_KNOW
    day = _days(rng, lives, given.surveys)
    return Answers(
        values=values,
        answered=_answered(rng, lives, given.surveys, day=day),
        day=day,
        help=choose(rng.random((WAVES, n)), given.surveys.helped),
        staff=rng.random((WAVES, n)) < given.surveys.staff,
        language=choose(rng.random(n), given.surveys.languages),
    )


def _wellbeing(rng: np.random.Generator, lives: Lives, given: SurveyParameters) -> Floats:
    """True wellbeing, shape (waves, people), SD 1 at start."""
    noise = rng.standard_normal((WAVES, len(lives)))
    load = given.wellbeing_amotivation
    wellbeing = np.empty_like(noise)
    wellbeing[0] = load * lives.motivation[0, :, AMOTIVATION] + np.sqrt(1 - load**2) * noise[0]
    stability = given.wellbeing_stability
    for wave in range(1, WAVES):
        fresh = np.sqrt(1 - stability**2) * noise[wave]
        wellbeing[wave] = (
            stability * wellbeing[wave - 1] + fresh + given.wellbeing_programme * lives.programme
        )
    return wellbeing


def _scale_answers(rng: np.random.Generator, wellbeing: Floats, scale: WellbeingScale) -> Integers:
    """Answers to the items of one scale, shape (waves, people, items)."""
    own = rng.standard_normal(wellbeing.shape)
    score = scale.load * wellbeing + np.sqrt(1 - scale.load**2) * own
    noise = rng.standard_normal((*wellbeing.shape, scale.items))
    item = scale.mean + scale.sd * (scale.loading * score[..., None] + np.sqrt(1 - scale.loading**2) * noise)
    answers: Integers = np.clip(np.rint(item), scale.low, scale.high).astype(np.int64)
    negative = [i - 1 for i in scale.negative]
    answers[..., negative] = scale.low + scale.high - answers[..., negative]
    return answers


def _days(rng: np.random.Generator, lives: Lives, given: SurveyParameters) -> Integers:
    """Days of answering, shape (waves, people): first within two weeks of start, later some very late."""
    shape = (WAVES, len(lives))
    lag, late, how_late = rng.random(shape), rng.random(shape) < given.late, rng.random(shape)
    due = np.stack([add_months(lives.people.start, months) for months in WAVE_MONTHS])
    first = np.arange(WAVES)[:, None] == 0
    offset = np.where(first, 12 * lag, -5 + 35 * lag + late * (40 + 45 * how_late))
    return due + np.floor(offset).astype(np.int64)


def _answered(rng: np.random.Generator, lives: Lives, given: SurveyParameters, *, day: Integers) -> Booleans:
    """Whether each wave was answered: less often by those who have left school, never after coverage ends."""
    has_left = lives.courses.left[None, :] < day
    log_odds = (
        np.array(given.absent)[:, None]
        + given.absent_left * has_left
        + given.absent_amotivation * lives.motivation[0, :, AMOTIVATION]
    )
    silent = rng.random(day.shape) < inverse_logit(log_odds)
    last = np.minimum(lives.coverage.of("surveys"), lives.plan.calendar.cut_day)
    return np.asarray(~silent & (day <= last), dtype=bool)
