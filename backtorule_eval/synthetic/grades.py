"""Grades: what stands in the register for every subject graded or sat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backtorule_eval.synthetic.calendar import JUNE
from backtorule_eval.synthetic.catalogue import CODES, PLAN
from backtorule_eval.synthetic.lives import Lives
from backtorule_eval.synthetic.streams import Integers

GRADES = ("1", "2", "3", "4", "5", "6", "IV", "IM")
ONE, TWO, IV, IM, NO_GRADE = 0, 1, 6, 7, -1
PHYSICAL_EDUCATION = tuple(CODES.index(code) for code in ("KRO1018", "KRO1019"))
# Design choice: share of pupils' grades with an exam, of failed subjects that are IV, and of passes won at
# the exam.
EXAM, IV_OF_FAILED, SAVED_BY_EXAM = 0.18, 0.45, 0.05
# Exams were cancelled in these springs.
CANCELLED = (2020, 2021, 2022)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """One entry per attempt: subject as in the catalogue, year, 1 for spring, grades as in GRADES."""

    person: Integers
    subject: Integers
    year: Integers
    spring: Integers
    privatist: Integers
    standpunkt: Integers
    exam: Integers


def draw_grades(lives: Lives) -> Grades:
    """Draw the grades of all attempts while the source covers the person."""
    rng = lives.block.stream("grades")
    attempts = lives.courses.attempts
    u = rng.random((3, len(attempts.person)))
    month = attempts.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    year, of_year = 1970 + month // 12, month % 12 + 1
    subject = PLAN[lives.people.plan[attempts.person], attempts.slot]
    spread = (lives.people.points[attempts.person] - lives.plan.given.people.points_mean) / 10
    passed_with = np.clip(np.rint(3.1 + 0.8 * spread + 1.9 * (u[0] - 0.5)), 2, 6).astype(np.int64) - 1
    pupil = ~attempts.privatist
    exams_held = ~((of_year == JUNE) & np.isin(year, CANCELLED))
    saved = pupil & attempts.passed & (u[1] < SAVED_BY_EXAM) & exams_held
    no_basis = ~attempts.passed & ((u[1] < IV_OF_FAILED) | np.isin(subject, PHYSICAL_EDUCATION))
    standpunkt = np.where(attempts.passed, np.where(saved, ONE, passed_with), np.where(no_basis, IV, ONE))
    at_exam = np.where(attempts.passed, np.where(saved, TWO, passed_with), ONE)
    sits = saved | ((u[2] < EXAM) & exams_held & ~no_basis)
    pupil_exam = np.where(sits, at_exam, NO_GRADE)
    kept = (
        attempts.day
        <= np.minimum(lives.coverage.of("subjects"), lives.plan.calendar.cut_day)[attempts.person]
    )
    return Grades(
        person=attempts.person[kept],
        subject=subject[kept],
        year=year[kept],
        spring=(of_year == JUNE)[kept].astype(np.int64),
        privatist=attempts.privatist[kept].astype(np.int64),
        standpunkt=np.where(pupil, standpunkt, NO_GRADE)[kept],
        exam=np.where(pupil, pupil_exam, np.where(attempts.met, at_exam, IM))[kept],
    )
