"""What the programme does with people: contacts and sub-goals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import add_months, to_weekday
from backtorule_eval.synthetic.courses import NEVER
from backtorule_eval.synthetic.lives import Lives
from backtorule_eval.synthetic.motivation import AMOTIVATION
from backtorule_eval.synthetic.parameters import SUBSCALES
from backtorule_eval.synthetic.streams import Booleans, Floats, Integers, choose, inverse_logit

KINDS = (
    "school_follow_up",
    "school_liaison",
    "school_counselling",
    "subject_help",
    "life_mastery",
    "sub_goals",
    "social_arena",
    "job_taster",
)
# Design choice: shares of the kinds, and their usual minutes.
KIND_SHARES = (0.27, 0.10, 0.14, 0.14, 0.12, 0.10, 0.08, 0.05)
KIND_MINUTES = (30, 20, 45, 90, 60, 45, 120, 120)
DOMAINS = ("school", "work", "health", "social", "economy", "housing", "other")
DOMAIN_SHARES = (0.46, 0.16, 0.12, 0.10, 0.09, 0.05, 0.02)
# Design choice: contacts with the other counsellor, and sub-goals that are never scored.
OTHER_STAFF, NOT_SCORED = 0.12, 0.15
_MOST_CONTACTS = 120
_MOST_GOALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """One entry per contact; `number` counts from 0 within the person."""

    person: Integers
    number: Integers
    day: Integers
    kind: Integers
    minutes: Integers
    held: Booleans
    staff: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """One entry per sub-goal; `scored` is NEVER and `known` false where it has not been scored."""

    person: Integers
    number: Integers
    domain: Integers
    set_on: Integers
    due: Integers
    weight: Integers
    reached: Integers
    known: Booleans
    scored: Integers


def draw_contacts(lives: Lives) -> Contacts:
    """Draw the contacts of those in the programme, until it ends for them."""
    rng = lives.block.stream("follow_up")
    given, people = lives.plan.given.lives, lives.people
    end = np.minimum(add_months(people.start, given.contact_months), _case_ends(lives))
    months = np.maximum(end - people.start, 0) / 30.44
    # Some are followed up far more closely than others.
    rate = given.contacts * rng.gamma(3.0, 1 / 3.0, len(lives)) * lives.programme
    count = np.minimum(rng.poisson(rate * months), _MOST_CONTACTS)
    person = np.repeat(np.arange(len(lives)), count)
    total = len(person)
    # More at the beginning: the square of a uniform draw.
    share = rng.random(total) ** 1.4
    day = to_weekday(
        people.start[person] + 1 + np.floor(share * (end - people.start)[person]).astype(np.int64)
    )
    kept = day <= end[person]
    kind = choose(rng.random(total), KIND_SHARES)
    held = rng.random(total) < _held(lives)[person]
    quarter = np.array(KIND_MINUTES)[kind] * (0.6 + 0.8 * rng.random(total)) / 15
    other = rng.random(total) < OTHER_STAFF
    own = lives.assignment.counsellor[person]
    staff = np.where(other, (own + 1) % max(lives.plan.given.design.counsellors, 1), own)
    order = np.lexsort((kind, day, person))
    same = (person[order][1:] == person[order][:-1]) & (day[order][1:] == day[order][:-1])
    same &= kind[order][1:] == kind[order][:-1]
    # Nobody gets the same kind of follow-up twice on one day.
    kept[order] &= ~np.append(False, same)[: len(order)]
    order = order[kept[order]]
    return Contacts(
        person=person[order],
        number=count_within(person[order]),
        day=day[order],
        kind=kind[order],
        minutes=np.maximum(15, 15 * np.rint(quarter)).astype(np.int64)[order],
        held=held[order],
        staff=staff[order],
    )


def draw_goals(lives: Lives) -> Goals:
    """Draw one to four sub-goals for those in the programme, and how far they came."""
    rng = lives.block.stream("goals")
    n = len(lives)
    count = np.where(lives.programme, 1 + np.floor(rng.random(n) * _MOST_GOALS).astype(np.int64), 0)
    person = np.repeat(np.arange(n), count)
    u = rng.random((5, len(person)))
    set_on = to_weekday(lives.people.start[person] + 7 + np.floor(u[0] * 80).astype(np.int64))
    due = set_on + 90 + np.floor(u[1] * 200).astype(np.int64)
    scored = to_weekday(due + np.floor(u[2] * 25).astype(np.int64))
    end = _case_ends(lives)[person]
    known = (scored <= end) & (u[3] > NOT_SCORED)
    drive = 0.3 * (
        lives.motivation[1, :, SUBSCALES.index("identified")] - lives.motivation[1, :, AMOTIVATION]
    )
    level = np.rint(-0.1 + drive[person] + rng.standard_normal(len(person)))
    kept = set_on <= end
    return Goals(
        person=person[kept],
        number=count_within(person[kept]),
        domain=choose(u[4], DOMAIN_SHARES)[kept],
        set_on=set_on[kept],
        due=due[kept],
        weight=(1 + np.floor(rng.random(len(person)) * 3)).astype(np.int64)[kept],
        reached=np.clip(level, -2, 2).astype(np.int64)[kept],
        known=known[kept],
        scored=np.where(known, scored, NEVER)[kept],
    )


def _case_ends(lives: Lives) -> Integers:
    """Last day the case's records tell of."""
    return np.minimum(lives.coverage.of("contacts"), lives.plan.calendar.cut_day)


def _held(lives: Lives) -> Floats:
    """Share of planned contacts that are held: fewer where motivation is lacking."""
    usual = lives.plan.given.lives.held
    return inverse_logit(np.log(usual / (1 - usual)) - 0.25 * lives.motivation[0, :, AMOTIVATION])


def count_within(person: Integers) -> Integers:
    """Count rows of each person from 0; rows of a person lie together."""
    if not len(person):
        return person
    begins = np.append(True, person[1:] != person[:-1])
    first = np.flatnonzero(begins)
    return np.arange(len(person)) - np.repeat(first, np.diff(np.append(first, len(person))))
