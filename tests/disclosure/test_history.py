"""The history of a cohort's releases: read whole or refused, and never half-written."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest

from backtorule_eval.disclosure.history import History, read_history, write_history
from backtorule_eval.disclosure.kept import append, read_earlier
from backtorule_eval.errors import DisclosureRefused
from tests.disclosure.test_standing import DAY, Site, by_area, cohort_of


@pytest.fixture
def site(tmp_path):
    """A site that released once."""
    site = Site(tmp_path)
    site.release(cohort_of(57), by_area(33, 22, 2))
    return site


def line_of(site, **changed):
    return json.dumps({**json.loads(site.history.read_text(encoding="utf-8")), **changed})


def test_no_file_is_no_release(tmp_path):
    assert read_history(tmp_path / "none.jsonl", cohort="demo") == History()
    assert History().digest == ""


def test_what_was_written_reads_back(site, tmp_path):
    history = site.earlier.history
    write_history(history, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == site.history.read_bytes()
    assert history.of(1).date == DAY


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: is not JSON"),
        ("[1]", "a release has exactly: number, date"),
        ("{}", "a release has exactly: number, date"),
        ({"number": 2}, "the release's number must be 1"),
        ({"cohort": "other"}, "is a release of another cohort than demo"),
        ({"plan": 7}, "plan must be the digest"),
        ({"date": "30.06.2026"}, "date must be written as 2026-06-30"),
        ({"date": 7}, "date must be written as 2026-06-30"),
        ({"claims": []}, "claims must hold, by key"),
        ({"claims": {"a": []}}, "claims must hold, by key"),
        ({"claims": {"a": {"0.0": "secret"}}}, "claims must hold, by key"),
        ({"claims": {"a": {"0.0": True}}}, "claims must hold, by key"),
        ({"claims": {"a": {"0.0": [1, 2, 3]}}}, "claims must hold, by key"),
    ],
)
def test_a_line_that_is_no_release_is_refused(site, line, message):
    text = line if isinstance(line, str) else line_of(site, **line)
    site.history.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(DisclosureRefused, match=message) as told:
        read_history(site.history, cohort="demo")
    assert "demo.releases.jsonl" in str(told.value)
    assert "version control" in str(told.value)


def test_a_file_that_is_no_text_is_refused(site):
    site.history.write_bytes(b"\xff\xfe")
    with pytest.raises(DisclosureRefused, match="is not text in UTF-8"):
        read_history(site.history, cohort="demo")


# --- Both halves ------------------------------------------------------------------------------------


def test_a_cohort_that_was_released_and_has_no_history_is_refused(site):
    site.history.unlink()
    with pytest.raises(DisclosureRefused, match=r"release 1 was made from here, but demo\.releases\.jsonl"):
        site.run(cohort_of(57), by_area(33, 22, 2))


def test_a_history_without_its_private_half_is_refused(site):
    (site.private / "1.json").unlink()
    with pytest.raises(DisclosureRefused, match="release 1 was made elsewhere"):
        site.run(cohort_of(57), by_area(33, 22, 2))


def test_a_history_that_was_edited_is_refused(site):
    line = line_of(site, claims={"01/areas": {"0.counts.0": 30, "0.counts.1": 20, "0.counts.2": "hidden"}})
    site.history.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(DisclosureRefused, match="is not what was released from here"):
        site.run(cohort_of(57), by_area(33, 22, 2))


@pytest.mark.parametrize("text", ["{", "{}", '{"claims": 3}'])
def test_a_private_half_that_cannot_be_read_is_refused(site, text):
    (site.private / "1.json").write_text(text, encoding="utf-8")
    with pytest.raises(DisclosureRefused, match=r"store's 1\.json of a release cannot be read"):
        site.run(cohort_of(57), by_area(33, 22, 2))


# --- Releasing --------------------------------------------------------------------------------------


def test_the_same_pages_again_are_the_same_release(site):
    (first,) = site.earlier.history.releases
    again = append(site.private, site.history, cohort="demo", plan=first.plan, on=date(2026, 7, 1))
    assert again == first
    assert len(site.earlier.history.releases) == 1


def test_pages_that_the_last_run_did_not_make_are_refused(site):
    site.run(cohort_of(70), by_area(43, 22, 5))
    with pytest.raises(DisclosureRefused, match="not made by the last run"):
        append(site.private, site.history, cohort="demo", plan="0" * 64, on=DAY)


def test_pages_made_before_the_last_release_are_refused(tmp_path):
    site = Site(tmp_path)
    old = site.run(cohort_of(57), by_area(33, 22, 2))
    candidate = (site.private / "next.json").read_bytes()
    site.release(cohort_of(70), by_area(43, 22, 5))
    (site.private / "next.json").write_bytes(candidate)
    with pytest.raises(DisclosureRefused, match="made before the last release"):
        site.append(old.plan)


def test_without_a_run_there_is_nothing_to_release(tmp_path):
    with pytest.raises(DisclosureRefused, match="not made by the last run"):
        append(tmp_path, tmp_path / "demo.releases.jsonl", cohort="demo", plan="0" * 64, on=DAY)


@pytest.mark.parametrize("stop_at", [1, 2, 3])
def test_a_release_that_is_interrupted_is_whole_or_was_not_made(tmp_path, monkeypatch, stop_at):
    site = Site(tmp_path)
    standing = site.run(cohort_of(57), by_area(33, 22, 2))
    calls, real = [], os.replace

    def replace(one, other):
        calls.append(other)
        if len(calls) == stop_at:
            raise KeyboardInterrupt
        real(one, other)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            site.append(standing.plan)
    assert len(site.earlier.history.releases) == (1 if stop_at == 3 else 0)
    assert site.append(standing.plan).number == 1
    assert read_earlier(site.private, site.history, cohort="demo").kept[0].claims == standing.claims
