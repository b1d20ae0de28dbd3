"""Studies are run whole or not at all: strict before, private inside, sanitised after."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import nbformat
import pytest

from backtorule_eval.run import cli, matrix

pytestmark = pytest.mark.notebooks
SECRET = "sekret-token-4711"
FLOW = 'study.publish(describe_flow(study.cohort), view="flow")'
COUNTS = 'study.publish(*count_levels(study.cohort), view="counts")'


def run(*options: str, study: str = "params/tiny.yaml") -> int:
    return cli.main(["run", study, "--jobs", "2", *options])


def snapshot(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def everything_shared(workspace: Path) -> bytes:
    return b"".join(snapshot(workspace / "outputs").values())


def test_a_study_becomes_pages_tables_and_a_manifest(workspace, notebook, capsys):
    notebook("01_a", FLOW, COUNTS)
    assert run() == 0
    folder = workspace / "outputs" / "tiny"
    assert {"index.html", "estimates.csv", "ledger.json", "manifest.json", "run.log.jsonl"} <= set(
        snapshot(folder)
    )
    page = (folder / "notebooks" / "01_a.html").read_text(encoding="utf-8")
    assert page.count("<h1") == 1
    assert "What is 01_a?" in page
    assert "24" in page
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["notebooks"]["01_a"]["parameters"] == {"study": "params/tiny.yaml"}
    assert str(folder / "index.html") in capsys.readouterr().err
    assert "tiny/index.html" in (workspace / "outputs" / "index.html").read_text(encoding="utf-8")
    assert stat.S_IMODE((workspace / ".backtorule").stat().st_mode) == 0o700


def test_the_same_inputs_give_the_same_bytes_for_any_number_of_workers(workspace, notebook):
    for name in ("01_a", "02_b", "03_c"):
        notebook(name, FLOW, COUNTS)
    with (workspace / "params" / "tiny.yaml").open("a", encoding="utf-8") as study:
        study.write("formats: [html, pdf, docx]\n")
    assert run("--force") == 0
    first = snapshot(workspace / "outputs" / "tiny")
    assert cli.main(["run", "params/tiny.yaml", "--force", "--jobs", "1"]) == 0
    second = snapshot(workspace / "outputs" / "tiny")
    timed = {"manifest.json", "run.log.jsonl"}
    assert {k: v for k, v in first.items() if k not in timed} == {
        k: v for k, v in second.items() if k not in timed
    }
    assert {"index.html", "findings.pdf", "findings.docx"} <= set(first)
    assert {Path(name).suffix for name in first if name.startswith("tables/")} == {
        ".csv",
        ".docx",
        ".tex",
    }
    assert {Path(name).suffix for name in first if name.startswith("notebooks/")} == {
        ".ipynb",
        ".html",
        ".pdf",
    }


def test_what_is_up_to_date_is_not_executed_again(workspace, notebook, capsys):
    notebook("01_a", FLOW)
    notebook("02_b", FLOW)
    assert run() == 0
    notebook("02_b", FLOW, "1")
    capsys.readouterr()
    assert run() == 0
    told = capsys.readouterr().err
    assert "tiny 01_a: unchanged" in told
    assert "tiny 02_b: done" in told


def test_only_runs_what_was_named_and_keeps_what_is_up_to_date(workspace, notebook, capsys):
    notebook("01_a", FLOW)
    notebook("02_b", FLOW)
    assert run("--only", "02") == 0
    assert [p.stem for p in (workspace / "outputs" / "tiny" / "notebooks").glob("*.html")] == ["02_b"]
    assert run("--only", "99") == 2
    assert "--only 99: there is no such notebook" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        ("notebooks: {01_a: {horizon_month: 3}}", "no parameter horizon_month. Did you mean horizon_months?"),
        ("notebooks: {01_a: {horizon_months: long}}", "horizon_months must be int, not str"),
        ("notebooks: {01_b: {x: 1}}", "there is no notebook 01_b"),
        ("notebooks: {01_a: []}", "no notebook is left to run"),
        ("langauge: nb", "langauge: there is no such key. Did you mean language?"),
    ],
)
def test_a_mistake_stops_before_a_kernel_starts(workspace, notebook, capsys, monkeypatch, extra, complaint):
    notebook(
        "01_a", FLOW, parameters='study: str = "params/tiny.yaml"  # s\nhorizon_months: int = 24  # months'
    )
    study = workspace / "params" / "tiny.yaml"
    study.write_text(study.read_text(encoding="utf-8") + extra + "\n", encoding="utf-8")
    monkeypatch.setattr(
        "backtorule_eval.run.execute.papermill.execute_notebook",
        lambda *_, **__: pytest.fail("a kernel started"),
    )
    assert run() == 2
    assert complaint in capsys.readouterr().err
    assert not (workspace / "outputs").exists()


def test_a_dry_run_starts_nothing(workspace, notebook, capsys, monkeypatch):
    notebook("01_a", FLOW)
    monkeypatch.setattr(
        "backtorule_eval.run.matrix.import_study", lambda *_, **__: pytest.fail("data were read")
    )
    assert run("--dry-run") == 0
    assert "tiny 01_a: defaults" in capsys.readouterr().err


def test_a_broken_notebook_is_saved_first_and_tells_no_value(workspace, notebook, capsys):
    notebook("01_a", FLOW)
    assert run() == 0
    before = snapshot(workspace / "outputs" / "tiny")
    notebook("01_a", FLOW, f'print("{SECRET}")', f'raise ValueError("{SECRET}")')
    assert run("--force") == 5
    told = capsys.readouterr()
    assert "01_a: cell 6 raised ValueError." in told.err
    saved = workspace / "outputs" / ".failed" / "tiny" / "01_a.ipynb"
    assert str(saved) in told.err
    broken = nbformat.read(saved, as_version=4)
    assert "ValueError" in broken.cells[5].source
    assert "stopped here" in broken.cells[5].source
    assert not any(c.get("outputs") for c in broken.cells)
    assert SECRET in broken.cells[6].source  # the notebook's own code is the author's, not a participant's
    for cell in broken.cells:
        cell.source = ""
    rendered = nbformat.writes(broken) + told.err + told.out
    assert SECRET not in rendered
    assert snapshot(workspace / "outputs" / "tiny") == before
    raw = list((workspace / ".backtorule" / "jobs" / "tiny").glob("*/failed.ipynb"))
    assert len(raw) == 1
    assert SECRET in raw[0].read_text(encoding="utf-8")


def test_success_forgets_an_earlier_failure(workspace, notebook):
    notebook("01_a", "1 / 0")
    assert run() == 5
    notebook("01_a", FLOW)
    assert run() == 0
    assert not (workspace / "outputs" / ".failed" / "tiny").exists()


@pytest.mark.parametrize(
    ("cell", "code", "told"),
    [
        ("import sys; sys.exit(3)", 5, "raised SystemExit"),
        ("import os; os._exit(9)", 5, "the kernel raised DeadKernelError"),
        ('study.publish(describe_flow(study.cohort), view="pie")', 4, "There is no view 'pie'"),
        ('study.publish(study.cohort.table("persons"), view="counts")', 4, "whether its rows are persons"),
        (f"{FLOW}\n{FLOW}", 2, "Two outputs of this notebook are called"),
        ('study.publish(view="flow")', 2, "publish() needs at least one result"),
    ],
)
def test_every_way_to_stop_has_its_exit_code(workspace, notebook, capsys, cell, code, told):
    notebook("01_a", cell)
    assert run() == code
    assert told in capsys.readouterr().err


def test_what_did_not_pass_publish_leaves_one_line(workspace, notebook):
    noisy = f'import warnings\nprint("{SECRET}")\nwarnings.warn("{SECRET}")\nstudy.cohort.table("persons")'
    forged = (
        "from IPython.display import publish_display_data\n"
        f'publish_display_data({{"text/html": "{SECRET}"}}, metadata={{"other": 1}})'
    )
    notebook("01_a", FLOW, "secret = chr(115)", noisy.replace(SECRET, "' + secret + '"), forged)
    assert run() == 0
    page = (workspace / "outputs" / "tiny" / "notebooks" / "01_a.html").read_text(encoding="utf-8")
    assert page.count("this output did not pass publish") == 2
    assert "p-01" not in everything_shared(workspace).decode(errors="replace")


def test_a_mark_without_its_claim_is_refused(workspace, notebook, capsys):
    forged = (
        "from IPython.display import publish_display_data\n"
        'publish_display_data({"text/html": "x"}, metadata={"backtorule": {"key": "01_a/x", "digest": "y"}})'
    )
    notebook("01_a", FLOW, forged)
    assert run() == 4
    assert "no audited claim has that content" in capsys.readouterr().err
    assert not (workspace / "outputs" / "tiny").exists()


def test_data_are_personal_and_under_rules_unless_the_study_says_otherwise(workspace, notebook):
    study = workspace / "params" / "tiny.yaml"
    text = study.read_text(encoding="utf-8").replace("data: public\ndisclosure: none\n", "")
    study.write_text(text, encoding="utf-8")
    notebook("01_a", COUNTS)
    assert run() == 0
    page = (workspace / "outputs" / "tiny" / "notebooks" / "01_a.html").read_text(encoding="utf-8")
    assert "rounded to the nearest 5" in page
    assert "Invented data" not in page
    assert json.loads((workspace / "outputs" / "tiny" / "ledger.json").read_text())["rules"]["threshold"] == 5


def test_one_failing_cohort_does_not_stop_the_others(workspace, notebook, capsys):
    notebook("01_a", FLOW)
    bad = (
        (workspace / "params" / "tiny.yaml")
        .read_text(encoding="utf-8")
        .replace("cohort: tiny", "cohort: bad")
    )
    bad = bad.replace("../raw", "../nowhere")
    (workspace / "params" / "bad.yaml").write_text(bad, encoding="utf-8")
    assert cli.main(["run", "params/bad.yaml", "params/tiny.yaml"]) == 6
    assert (workspace / "outputs" / "tiny" / "index.html").is_file()
    assert not (workspace / "outputs" / "bad").exists()
    assert "1 failed (bad); 1 done." in capsys.readouterr().err
    assert cli.main(["run", "params/bad.yaml"]) == 3


@pytest.mark.parametrize("broken", ["import_study", "write_outputs"])
def test_a_fault_of_ours_in_one_cohort_does_not_stop_the_others(
    workspace, notebook, capsys, monkeypatch, broken
):
    notebook("01_a", FLOW)
    other = (workspace / "params" / "tiny.yaml").read_text(encoding="utf-8")
    (workspace / "params" / "other.yaml").write_text(
        other.replace("cohort: tiny", "cohort: other"), encoding="utf-8"
    )
    right = getattr(matrix, broken)

    def sometimes(first, *rest, **options):
        if "other" in (getattr(first, "cohort", ""), getattr(getattr(first, "file", None), "cohort", "")):
            raise RuntimeError(SECRET)
        return right(first, *rest, **options)

    monkeypatch.setattr(matrix, broken, sometimes)
    assert cli.main(["run", "params/other.yaml", "params/tiny.yaml"]) == 6
    told = capsys.readouterr().err
    assert "RuntimeError in test_run.py" in told
    assert SECRET not in told
    assert (workspace / "outputs" / "tiny" / "index.html").is_file()


@pytest.mark.parametrize(
    "cell",
    [
        "class DataProblem(Exception): pass\nraise DataProblem(secret)",
        "from backtorule_eval.errors import DataProblem\nraise DataProblem(secret)",
    ],
)
def test_an_error_of_our_name_raised_by_a_notebook_is_not_repeated(workspace, notebook, capsys, cell):
    notebook("01_a", "secret = ''.join(['sekret', '-token-', '4711'])", cell)
    assert run() == 5
    told = capsys.readouterr().err
    assert "raised DataProblem." in told
    assert SECRET not in told


def test_two_studies_of_one_cohort_are_refused(workspace, notebook, capsys):
    notebook("01_a", FLOW)
    assert cli.main(["run", "params/tiny.yaml", "params/tiny.yaml"]) == 2
    assert "More than one of the study files is for cohort tiny" in capsys.readouterr().err


def test_the_other_language_stays_out(workspace, notebook):
    path = notebook("01_a", FLOW)
    content = json.loads(path.read_text(encoding="utf-8"))
    for language in ("nb", "en"):
        cell = {"cell_type": "markdown", "id": language, "metadata": {"tags": [f"lang-{language}"]}}
        content["cells"].append({**cell, "source": f"prose in {language}"})
    path.write_text(json.dumps(content), encoding="utf-8")
    assert run() == 0
    shared = everything_shared(workspace).decode(errors="replace")
    assert "prose in en" in shared
    assert "prose in nb" not in shared


def test_no_path_of_this_machine_is_shared(workspace, notebook):
    notebook("01_a", FLOW)
    assert run() == 0
    assert str(workspace) not in everything_shared(workspace).decode(errors="replace")
