"""The lives of a block as tables of the dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backtorule_eval.synthetic.absence import CODES as ABSENCE_CODES
from backtorule_eval.synthetic.absence import draw_absences
from backtorule_eval.synthetic.catalogue import CODES, FORMS, HOURS, PLAN, PROGRAMME_AREAS
from backtorule_eval.synthetic.coverage import REASONS, SOURCES
from backtorule_eval.synthetic.follow_up import DOMAINS, KINDS, draw_contacts, draw_goals
from backtorule_eval.synthetic.frames import NO_DAY, dates, named, numbered, whole
from backtorule_eval.synthetic.grades import GRADES, draw_grades
from backtorule_eval.synthetic.life import (
    BENEFITS,
    SUPPORT,
    WORK,
    benefit_spells,
    support_spells,
    work_spells,
)
from backtorule_eval.synthetic.lives import Lives
from backtorule_eval.synthetic.living import HOUSING, INCOME, draw_living
from backtorule_eval.synthetic.parameters import (
    BENEFITS as PARENTS_BENEFITS,
)
from backtorule_eval.synthetic.parameters import (
    CATEGORIES,
    COUNTRY_GROUPS,
    EDUCATIONS,
    GENDERS,
    ROUTES,
    STAGES,
)
from backtorule_eval.synthetic.people import APPRENTICE, TRAINING, WORKPLACE
from backtorule_eval.synthetic.spells import STATUSES, Spells
from backtorule_eval.synthetic.streams import Integers
from backtorule_eval.synthetic.surveys import DO_NOT_KNOW, HELP, ITEMS, LANGUAGES, NOT_ANSWERED, Answers

REGISTER_SOURCES = ("subjects", "schooling", "work", "benefits")
MISSING_REASONS = ("not_answered", "do_not_know")
_AREAS = tuple(code for plan in PROGRAMME_AREAS for code in plan)


def pseudonyms(lives: Lives, person: Integers) -> Any:
    """Pseudonyms by position in the block."""
    return numbered("P", lives.people.number[person], width=lives.plan.width)


def identifiers(lives: Lives, prefix: str, person: Integers, number: Integers) -> Any:
    """Identifiers of a person's records: C-001-01 is the first contact of the first person."""
    of_person = np.char.mod(f"{prefix}-%0{lives.plan.width}d-", lives.people.number[person] + 1)
    return pd.array(np.char.add(of_person, np.char.mod("%03d", number + 1)).astype(object), dtype="str")


def persons(lives: Lives) -> pd.DataFrame:
    """One row per person."""
    people, assignment = lives.people, lives.assignment
    everyone = np.arange(len(people))
    workplace = (people.route == APPRENTICE) | (people.route == TRAINING)
    hours = (HOURS[PLAN[people.plan]] * people.left_to_pass).sum(axis=1)
    asked = lives.block.stream("dirt").random(len(people)) * 14
    consent = people.start - np.floor(asked).astype(np.int64)
    return pd.DataFrame(
        {
            "person": pseudonyms(lives, everyone),
            "birth_year": whole(people.birth_year),
            "gender": named(people.gender, GENDERS),
            "immigrant_category": named(people.category, CATEGORIES),
            "residence_years": people.residence,
            "country_group": named(people.country_group, COUNTRY_GROUPS),
            "parents_education": named(people.education, EDUCATIONS),
            "parents_benefit": named(people.benefit, PARENTS_BENEFITS),
            "grunnskolepoeng": np.where(people.points_known, people.points, np.nan),
            "programme_area": named(people.plan * 3 + people.year, _AREAS),
            "route": named(people.route, ROUTES),
            "stage": named(np.where(workplace, WORKPLACE, people.year), STAGES),
            "remaining_hours": whole(hours),
            "office": numbered("K", assignment.office, width=2),
            "school": numbered("S", assignment.school, width=2),
            "counsellor": numbered("A", assignment.counsellor, width=2),
            "group": named((~assignment.programme).astype(np.int64), ("programme", "comparison")),
            "start_date": dates(people.start),
            "consent_date": dates(np.where(lives.plan.register, NO_DAY, consent)),
            "withdrawal_date": dates(lives.coverage.withdrawn),
        }
    )


def coverage(lives: Lives) -> pd.DataFrame:
    """One row per person and source; schooling is known back to the spell at start, spells at NAV 90 days."""
    n, start = len(lives), lives.people.start
    told = REGISTER_SOURCES if lives.plan.register else SOURCES
    columns = [SOURCES.index(name) for name in told]
    person = np.repeat(np.arange(n), len(told))
    source = np.tile(np.array(columns), n)
    since = np.repeat(start[:, None], len(SOURCES), axis=1)
    first = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first, lives.schooling.person, lives.schooling.first)
    since[:, SOURCES.index("schooling")] = first
    for name in ("work", "benefits", "other_support"):
        since[:, SOURCES.index(name)] -= 90
    last = np.minimum(lives.coverage.last, lives.plan.calendar.cut_day)
    return pd.DataFrame(
        {
            "person": pseudonyms(lives, person),
            "source": named(source, SOURCES),
            "complete_from": dates(since[:, columns].ravel()),
            "complete_to": dates(np.maximum(last, since)[:, columns].ravel()),
            "end_reason": named(lives.coverage.reason[:, columns].ravel(), REASONS),
        }
    )


def surveys(lives: Lives, answers: Answers) -> pd.DataFrame:
    """One row per person, wave and item."""
    wave, person = np.nonzero(answers.answered)
    values = answers.values[wave, person]
    rows, items = values.shape
    flat = values.ravel()
    reason = np.where(flat == NOT_ANSWERED, 0, np.where(flat == DO_NOT_KNOW, 1, -1))
    each = np.repeat(np.arange(rows), items)
    return pd.DataFrame(
        {
            "person": pseudonyms(lives, person[each]),
            "wave": whole(wave[each]),
            "item": named(np.tile(np.arange(items), rows), ITEMS),
            "value": np.where(reason >= 0, np.nan, flat),
            "missing_reason": named(reason, MISSING_REASONS),
            "date": dates(answers.day[wave, person][each]),
            "language": named(answers.language[person][each], LANGUAGES),
            "assisted_by": named(answers.help[wave, person][each], HELP),
            "staff_present": pd.array(answers.staff[wave, person][each], dtype="boolean"),
        }
    )


def contacts(lives: Lives) -> pd.DataFrame:
    """One row per contact."""
    drawn = draw_contacts(lives)
    return pd.DataFrame(
        {
            "contact": identifiers(lives, "C", drawn.person, drawn.number),
            "person": pseudonyms(lives, drawn.person),
            "date": dates(drawn.day),
            "kind": named(drawn.kind, KINDS),
            "minutes": whole(drawn.minutes, known=drawn.held),
            "held": pd.array(drawn.held, dtype="boolean"),
            "staff": numbered("A", drawn.staff, width=2),
        }
    )


def goals(lives: Lives) -> pd.DataFrame:
    """One row per sub-goal."""
    drawn = draw_goals(lives)
    return pd.DataFrame(
        {
            "goal": identifiers(lives, "M", drawn.person, drawn.number),
            "person": pseudonyms(lives, drawn.person),
            "domain": named(drawn.domain, DOMAINS),
            "date_set": dates(drawn.set_on),
            "date_due": dates(drawn.due),
            "weight": drawn.weight.astype(np.float64),
            "expected_level": whole(np.zeros(len(drawn.person), dtype=np.int64)),
            "level_reached": whole(drawn.reached, known=drawn.known),
            "date_scored": dates(drawn.scored),
        }
    )


def subjects(lives: Lives) -> pd.DataFrame:
    """One row per person, subject and term."""
    drawn = draw_grades(lives)
    years = np.arange(drawn.year.min(), drawn.year.max() + 1) if len(drawn.year) else np.array([2000])
    terms = [f"{year}{season}" for year in years.tolist() for season in ("H", "V")]
    graded = drawn.exam >= 0
    return pd.DataFrame(
        {
            "person": pseudonyms(lives, drawn.person),
            "subject": named(drawn.subject, CODES),
            "term": named(2 * (drawn.year - years[0]) + drawn.spring, terms),
            "route": named(drawn.privatist, ("E", "P")),
            "standpunkt": named(drawn.standpunkt, GRADES),
            "exam": named(drawn.exam, GRADES),
            "exam_form": named(np.where(graded, drawn.subject, -1), FORMS),
            "hours": whole(HOURS[drawn.subject]),
        }
    )


def attendance(lives: Lives) -> pd.DataFrame:
    """One row per absence record."""
    drawn = draw_absences(lives)
    return pd.DataFrame(
        {
            "record": identifiers(lives, "F", drawn.person, drawn.number),
            "person": pseudonyms(lives, drawn.person),
            "date": dates(drawn.day),
            "hours": drawn.hours,
            "code": named(drawn.code, ABSENCE_CODES),
            "subject": named(drawn.subject, CODES),
        }
    )


def schooling(lives: Lives) -> pd.DataFrame:
    """One row per spell, as far as the source covers the person."""
    spells = lives.schooling
    end = np.minimum(lives.coverage.of("schooling"), lives.plan.calendar.cut_day)[spells.person]
    frame = _spells(lives, spells, STATUSES, name="status", end=end)
    return frame[spells.first <= end].reset_index(drop=True)


def work(lives: Lives) -> pd.DataFrame:
    """One row per spell of work."""
    drawn = work_spells(lives)
    frame = _spells(lives, drawn.spells, WORK, name="kind")
    frame.insert(2, "per_cent", drawn.per_cent.astype(np.float64))
    return frame


def benefits(lives: Lives) -> pd.DataFrame:
    """One row per spell of a benefit."""
    return _spells(lives, benefit_spells(lives), BENEFITS, name="kind")


def other_support(lives: Lives) -> pd.DataFrame:
    """One row per spell of other support."""
    return _spells(lives, support_spells(lives), SUPPORT, name="kind")


def living(lives: Lives, answers: Answers) -> pd.DataFrame:
    """One row per person and wave that was answered."""
    drawn = draw_living(lives)
    wave, person = np.nonzero(answers.answered)
    at = (wave, person)
    return pd.DataFrame(
        {
            "person": pseudonyms(lives, person),
            "wave": whole(wave),
            "date": dates(answers.day[at]),
            "housing": named(drawn.housing[at], HOUSING),
            "income_source": named(drawn.income[at], INCOME),
            "crowded": pd.array(drawn.crowded[at], dtype="boolean"),
            "money_worries": whole(drawn.money_worries[at]),
        }
    )


def _spells(
    lives: Lives, spells: Spells, names: Sequence[str], *, name: str, end: Integers | None = None
) -> pd.DataFrame:
    """Spells as rows; an end after `end` has not been seen."""
    last = spells.last if end is None else np.where(spells.last > end, NO_DAY, spells.last)
    return pd.DataFrame(
        {
            "person": pseudonyms(lives, spells.person),
            name: named(spells.kind, names),
            "from": dates(spells.first),
            "to": dates(last),
        }
    )


# What a register has, in the order of the dictionary.
REGISTER_TABLES: Mapping[str, Callable[[Lives], pd.DataFrame]] = {
    "persons": persons,
    "coverage": coverage,
    "subjects": subjects,
    "schooling": schooling,
    "work": work,
    "benefits": benefits,
}
