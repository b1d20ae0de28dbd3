"""Several releases of one cohort, from study file to page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backtorule_eval.run import cli
from tests.run.conftest import STUDY

pytestmark = pytest.mark.notebooks
COUNTS = 'study.publish(*count_levels(study.cohort), view="counts", name="who")'
FLOW = 'study.publish(describe_flow(study.cohort), view="flow", name="flow")'


@pytest.fixture
def site(workspace: Path, notebook) -> Path:
    """A site of 24 people under rules, released once."""
    study = STUDY.replace("data: public\ndisclosure: none\n", "data: synthetic\n")
    (workspace / "params" / "tiny.yaml").write_text(study, encoding="utf-8")
    notebook("01_a", COUNTS)
    assert run() == 0
    assert cli.main(["release", "tiny"]) == 0
    return workspace


def run(*options: str) -> int:
    return cli.main(["run", "params/tiny.yaml", "--jobs", "1", *options])


def more_people(site: Path, first: int, last: int) -> None:
    people = site / "raw" / "people.csv"
    rows = "".join(f"p-{n:02d},woman,2003\n" for n in range(first, last))
    people.write_text(people.read_text(encoding="utf-8") + rows, encoding="utf-8")


def read(site: Path, name: str) -> str:
    return (site / "outputs" / "tiny" / name).read_text(encoding="utf-8")


def figures(site: Path) -> list[str]:
    return [
        p.read_text(encoding="utf-8") for p in sorted((site / "outputs" / "tiny" / "tables").glob("*.csv"))
    ]


def test_a_release_is_told_of_beside_the_study_file(site, capsys):
    (line,) = (site / "params" / "tiny.releases.jsonl").read_text(encoding="utf-8").splitlines()
    release = json.loads(line)
    assert release["plan"] == json.loads(read(site, "manifest.json"))["plan"]
    assert list(release["claims"]) == ["01_a/who"]
    assert "p-0" not in line
    assert cli.main(["release", "tiny"]) == 0
    assert "Release 1 of tiny" in capsys.readouterr().out


def test_old_figures_stand_until_five_have_come(site):
    before = figures(site)
    more_people(site, 24, 28)
    assert run() == 0
    assert figures(site) == before
    page = read(site, "notebooks/01_a.html")
    assert "Since then so few people have come, left or changed" in page
    assert json.loads(read(site, "ledger.json"))["stands"] == 1
    more_people(site, 28, 29)
    assert run() == 0
    assert figures(site) != before
    assert "Since then so few" not in read(site, "notebooks/01_a.html")
    assert json.loads(read(site, "manifest.json"))["history"]


def test_one_notebook_alone_after_a_release_is_audited_with_what_was_released(site, notebook):
    notebook("02_b", FLOW)
    assert run("--only", "02_b") == 0
    ledger = json.loads(read(site, "ledger.json"))
    assert [entry["key"] for entry in ledger["claims"]] == ["02_b/flow"]
    assert ledger["stands"] == 1
    assert cli.main(["release", "tiny"]) == 0
    second = (site / "params" / "tiny.releases.jsonl").read_text(encoding="utf-8").splitlines()[1]
    assert "01_a/who" in json.loads(second)["claims"]


def test_without_its_history_a_cohort_that_was_released_is_refused_and_nothing_changes(site, capsys):
    before = {p: p.read_bytes() for p in (site / "outputs").rglob("*") if p.is_file()}
    (site / "params" / "tiny.releases.jsonl").unlink()
    assert run() == 4
    assert "release 1 was made from here" in capsys.readouterr().err
    assert all(p.read_bytes() == content for p, content in before.items())


def test_public_data_have_no_history(workspace, notebook):
    notebook("01_a", COUNTS)
    assert run() == 0
    assert cli.main(["release", "tiny"]) == 0
    assert not (workspace / "params" / "tiny.releases.jsonl").exists()
