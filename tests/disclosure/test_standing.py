"""Two releases of one cohort: who subtracts them finds a difference of many persons, or none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from backtorule_eval.disclosure.audit import apply, audit
from backtorule_eval.disclosure.decision import Action, Reason
from backtorule_eval.disclosure.history import History
from backtorule_eval.disclosure.kept import append, keep_candidate, read_earlier
from backtorule_eval.disclosure.people import Change, change_between, people_of
from backtorule_eval.disclosure.plan import plan_digest, plan_from_json, plan_to_json
from backtorule_eval.disclosure.rounding import HIDDEN
from backtorule_eval.disclosure.rules import PRESETS, DisclosureRules
from backtorule_eval.disclosure.standing import audit_after, to_keep
from backtorule_eval.errors import DisclosureRefused
from tests.analyses.cohorts import make_cohort
from tests.disclosure.examples import claim, counts, estimate, refusal
from tests.disclosure.test_together import table

RULES = DisclosureRules()
DAY = date(2026, 6, 30)


def cohort_of(n_persons, *, first=0, contacts=()):
    """Persons p-0, p-1, ..., and a contact for some of them."""
    people = [f"p-{i}" for i in range(first, first + n_persons)]
    seen = [f"p-{i}" for i in contacts]
    return make_cohort(persons={"person": people}, contacts={"person": seen, "minutes": [30] * len(seen)})


def by_area(*numbers, key="01/areas"):
    return claim(counts(*numbers), key=key)


class Site:
    """One site that runs and releases."""

    def __init__(self, folder):
        self.private, self.history = folder / "private", folder / "demo.releases.jsonl"
        self.private.mkdir()

    @property
    def earlier(self):
        return read_earlier(self.private, self.history, cohort="demo")

    def run(self, cohort, *claims, rules=RULES):
        standing = audit_after(claims, rules, cohort=cohort, earlier=self.earlier)
        keep_candidate(to_keep(standing, cohort=cohort, earlier=self.earlier), self.private)
        return standing

    def release(self, cohort, *claims, rules=RULES):
        standing = self.run(cohort, *claims, rules=rules)
        return self.append(standing.plan)

    def append(self, plan):
        return append(self.private, self.history, cohort="demo", plan=plan_digest(plan), on=DAY)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def shown(standing, key="01/areas"):
    (found,) = [one for one in standing.claims if one.key == key]
    return apply(found, standing.plan).things[0].counts


# --- The first release ------------------------------------------------------------------------------


def test_a_release_tells_what_was_shown_and_never_what_was_hidden(site):
    release = site.release(
        cohort_of(57), by_area(33, 22, 2), claim(estimate(n=400, n_events=200), key="05/q")
    )
    assert release.claims["01/areas"] == {"0.counts.0": 35, "0.counts.1": 20, "0.counts.2": "hidden"}
    assert release.claims["05/q"]["0.p_value"] == [0.01, 0.05]
    (line,) = site.history.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["date"] == "2026-06-30"
    assert json.loads(line)["claims"]["01/areas"]["0.counts.2"] == "hidden"


def test_without_a_release_before_the_audit_is_the_plain_one(site):
    areas = by_area(33, 22, 2)
    standing = site.run(cohort_of(57), areas)
    assert standing.stands is None
    assert standing.plan == audit([areas], RULES)


def test_the_digest_of_a_plan_tells_nothing_of_what_is_hidden(site):
    one, other = (audit([by_area(33, 22, n)], RULES) for n in (2, 3))
    assert one != other
    assert plan_digest(one) == plan_digest(other)


def test_a_plan_that_stands_reads_back_as_it_was(site):
    site.release(cohort_of(57), by_area(33, 22, 2))
    plan = site.run(cohort_of(58), by_area(33, 23, 2)).plan
    assert plan.stands == 1
    assert plan_from_json(plan_to_json(plan)) == plan


# --- Few came, left or changed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "now",
    [
        cohort_of(60),
        cohort_of(53),
        cohort_of(57, first=2),
        cohort_of(57, contacts=range(4)),
        cohort_of(59, contacts=range(40)),
    ],
    ids=["three came", "four left", "two for two", "four changed", "two came and many changed"],
)
def test_the_old_figures_stand_where_few_make_the_difference(site, now):
    site.release(cohort_of(57), by_area(33, 22, 2))
    standing = site.run(now, by_area(36, 17, 7))
    assert standing.stands.number == 1
    assert shown(standing) == (35, 20, HIDDEN)


@pytest.mark.parametrize(
    "now",
    [cohort_of(62), cohort_of(52), cohort_of(57, contacts=range(5))],
    ids=["five came", "five left", "five changed"],
)
def test_new_figures_are_shown_where_many_make_the_difference(site, now):
    site.release(cohort_of(57), by_area(33, 22, 2))
    standing = site.run(now, by_area(36, 17, 7))
    assert standing.stands is None
    assert shown(standing) == (35, 15, 5)
    assert standing.plan.history == site.earlier.history.digest != ""


def test_a_few_at_a_time_become_many(site):
    site.release(cohort_of(57), by_area(33, 22, 2))
    assert site.release(cohort_of(60), by_area(36, 22, 2)).claims["01/areas"]["0.counts.0"] == 35
    assert site.run(cohort_of(61), by_area(37, 22, 2)).stands.number == 2
    assert site.run(cohort_of(62), by_area(38, 22, 2)).stands is None


def test_the_release_before_the_last_stands_where_the_cohort_is_as_it_was_then(site):
    site.release(cohort_of(57), by_area(33, 22, 2))
    site.release(cohort_of(70), by_area(43, 22, 5))
    standing = site.run(cohort_of(57), by_area(33, 22, 2))
    assert standing.stands.number == 1
    assert shown(standing) == (35, 20, HIDDEN)


def test_rules_that_were_made_easier_later_do_not_count(site):
    site.release(cohort_of(57), by_area(33, 22, 2))
    standing = site.run(cohort_of(57), by_area(33, 22, 2), rules=replace(PRESETS["ssb"], threshold=2, base=1))
    assert standing.plan.rules == RULES
    assert shown(standing) == (35, 20, HIDDEN)


# --- Other claims about the same persons ------------------------------------------------------------


def test_figures_that_changed_without_the_data_do_not_replace_those_released(site):
    site.release(cohort_of(57), by_area(33, 22, 2))
    assert shown(site.run(cohort_of(57), by_area(34, 21, 2))) == (35, 20, HIDDEN)


def test_a_new_claim_that_leaves_the_old_ones_safe_is_shown_and_released(site):
    areas, ages = by_area(33, 22, 2), by_area(30, 27, key="02/ages")
    site.release(cohort_of(57), areas)
    ages = claim(table("age", 30, 27, population="other"), key="02/ages")
    standing = site.run(cohort_of(57), areas, ages)
    assert shown(standing, "02/ages") == (30, 25)
    release = site.append(standing.plan)
    assert (release.number, sorted(release.claims)) == (2, ["01/areas", "02/ages"])


def test_a_new_claim_that_would_tell_what_was_hidden_is_withheld(site):
    # 57 shown as 55 leaves 53 to 57, and the reader knows 56 to 58: the small count would be 4 at most.
    moved, people = claim(table("moved", 2, 55), key="01/moved"), claim(table("group", 57), key="02/people")
    site.release(cohort_of(57), moved)
    standing = site.run(cohort_of(57), moved, people)
    assert shown(standing, "01/moved") == (HIDDEN, 55)
    assert shown(standing, "02/people") == (HIDDEN,)
    assert {d.reason for d in standing.plan.of("02/people").decisions} == {Reason.DIFFERENCE}
    assert "02/people" not in site.append(standing.plan).claims


def test_of_several_new_claims_only_the_unsafe_one_is_withheld(site):
    moved, people = claim(table("moved", 2, 55), key="01/moved"), claim(table("group", 57), key="02/people")
    site.release(cohort_of(57), moved)
    other = claim(table("age", 30, 27, population="other"), key="03/ages")
    standing = site.run(cohort_of(57), moved, people, other)
    assert shown(standing, "02/people") == (HIDDEN,)
    assert shown(standing, "03/ages") == (30, 25)


def test_a_new_claim_about_others_than_those_released_is_withheld(site):
    site.release(cohort_of(57), by_area(33, 22, 2))
    standing = site.run(
        cohort_of(59), by_area(35, 22, 2), by_area(40, 19, key="02/new"), claim(refusal(), key="03/no")
    )
    assert shown(standing, "02/new") == (HIDDEN, HIDDEN)
    assert {d.action for d in standing.plan.of("03/no").decisions} == {Action.HIDE}


def test_what_the_study_no_longer_shows_stays_known(site):
    site.release(cohort_of(57), claim(table("moved", 2, 55), key="01/moved"))
    people = claim(table("group", 57), key="02/people")
    standing = site.run(cohort_of(57), people)
    assert shown(standing, "02/people") == (HIDDEN,)
    assert "01/moved" in site.append(standing.plan).claims


# --- When it cannot be told -------------------------------------------------------------------------


def test_other_pseudonyms_are_refused(site):
    site.release(cohort_of(57), by_area(33, 22, 2))
    with pytest.raises(DisclosureRefused, match="nobody of release 1 is in the data"):
        site.run(cohort_of(57, first=100), by_area(33, 22, 2))


def test_a_version_that_would_show_a_release_otherwise_is_refused(site):
    site.release(cohort_of(57), by_area(33, 22, 2))
    (release,) = site.earlier.history.releases
    other = replace(
        release, claims={"01/areas": {"0.counts.0": 30, "0.counts.1": 20, "0.counts.2": "hidden"}}
    )
    earlier = replace(site.earlier, history=History(releases=(other,)))
    with pytest.raises(DisclosureRefused, match="would not show release 1 as it was"):
        audit_after([by_area(33, 22, 2)], RULES, cohort=cohort_of(57), earlier=earlier)


# --- Persons by fingerprint -------------------------------------------------------------------------


def test_persons_are_compared_by_fingerprints_that_name_nobody():
    people = people_of(cohort_of(3, contacts=[0]), salt="s")
    assert "p-0" not in repr(people)
    assert people_of(cohort_of(3, contacts=[0]), salt="other").records.keys() != people.records.keys()


def test_the_order_of_records_changes_nobody():
    one = make_cohort(persons={"person": ["a", "b"]}, contacts={"person": ["a", "a"], "minutes": [10, 20]})
    other = make_cohort(persons={"person": ["b", "a"]}, contacts={"person": ["a", "a"], "minutes": [20, 10]})
    assert change_between(people_of(one, salt="s"), people_of(other, salt="s")) == Change(
        stayed=2, came_or_left=0, changed=0
    )


def test_an_answer_that_is_missing_is_not_an_empty_one():
    def answered(*kinds):
        contacts = {"person": ["a", "b"], "kind": kinds, "minutes": [10, None]}
        return people_of(make_cohort(persons={"person": ["a", "b"]}, contacts=contacts), salt="s")

    assert change_between(answered("call", None), answered("call", None)).changed == 0
    assert change_between(answered("call", None), answered("call", "")).changed == 1


def test_records_of_somebody_who_is_not_in_the_cohort_count_for_nothing():
    one = make_cohort(persons={"person": ["a"]}, contacts={"person": ["a", "x"], "minutes": [10, 20]})
    assert len(people_of(one, salt="s").records) == 1


def test_a_table_with_other_columns_than_before_tells_of_no_change():
    one = make_cohort(persons={"person": ["a"]}, contacts={"person": ["a"], "minutes": [10]})
    more = make_cohort(
        persons={"person": ["a"]}, contacts={"person": ["a"], "minutes": [20], "kind": ["call"]}
    )
    assert change_between(people_of(one, salt="s"), people_of(more, salt="s")).changed == 0


@pytest.mark.parametrize("turned", [False, True])
def test_the_first_records_of_a_kind_are_a_change(turned):
    none = make_cohort(persons={"person": ["a", "b"]})
    some = make_cohort(persons={"person": ["a", "b"]}, contacts={"person": ["a"], "minutes": [10]})
    before, now = (people_of(c, salt="s") for c in ((some, none) if turned else (none, some)))
    assert change_between(before, now).changed == 1


def test_what_happens_as_time_passes_to_everybody_is_no_change():
    one = make_cohort(persons={"person": ["a"]}, schooling={"person": ["a"], "from": ["2025-08-18"]})
    ended = make_cohort(
        persons={"person": ["a"]},
        schooling={"person": ["a"], "from": ["2025-08-18"], "to": ["2026-06-19"]},
    )
    assert change_between(people_of(one, salt="s"), people_of(ended, salt="s")).changed == 0
