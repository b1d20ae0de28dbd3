"""The command line: light, strict, and one clear line with an exit code for whatever goes wrong."""

from __future__ import annotations

import json

import pytest

from backtorule_eval.errors import DataProblem, ParameterProblem
from backtorule_eval.run import cli
from backtorule_eval.run.commands import status


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    (tmp_path / "params").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_help_names_every_command_and_exit_code(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--help"])
    text = capsys.readouterr().out
    assert stop.value.code == 0
    assert all(name in text for name in cli.COMMANDS)
    assert "6 some cohorts failed" in text


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main([command, "--help"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: backtorule {command}")


@pytest.mark.parametrize("arguments", [[], ["rnu"], ["run"], ["run", "--job", "2", "x"], ["status", "extra"]])
def test_a_wrong_command_line_is_2(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    assert "usage: backtorule" in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("backtorule 0.")


@pytest.mark.parametrize(
    ("problem", "code"), [(DataProblem("two columns are missing"), 3), (ParameterProblem("no"), 2)]
)
def test_our_errors_are_one_line_and_a_code(monkeypatch, capsys, workspace, problem, code):
    def fail(_):
        raise problem

    monkeypatch.setattr(status, "run", fail)
    assert cli.main(["status"]) == code
    assert capsys.readouterr().err == f"backtorule: {problem}\n"


def test_an_interrupt_says_what_is_kept(monkeypatch, capsys, workspace):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(status, "run", stop)
    assert cli.main(["status"]) == 130
    assert "the same command resumes" in capsys.readouterr().err


def test_outside_a_project_the_folder_is_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["status"]) == 2
    assert "No folder named params" in capsys.readouterr().err
    assert cli.main(["run", "params/demo.yaml"]) == 2
    assert "backtorule new FOLDER" in capsys.readouterr().err


def test_status_with_nothing_yet(workspace, capsys):
    assert cli.main(["status"]) == 0
    assert "No outputs yet" in capsys.readouterr().out
    assert cli.main(["status", "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_status_tells_what_is_there_and_what_failed_since(workspace, capsys):
    outputs = workspace / "outputs"
    (outputs / "a").mkdir(parents=True)
    manifest = {"finished": "2026-01-01T00:00:00Z", "notebooks": {"01_cohort": {}}}
    (outputs / "a" / "manifest.json").write_text(json.dumps(manifest))
    (outputs / ".failed" / "a").mkdir(parents=True)
    (outputs / ".failed" / "a" / "05_x.ipynb").write_text("{}")
    (outputs / ".checks").mkdir()
    (outputs / ".checks" / "b.html").write_text("")
    assert cli.main(["status"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "a: 1 notebooks, finished 2026-01-01T00:00:00Z | failed since: 05_x"
    assert second.startswith("b: no outputs | data problems: ")
    assert cli.main(["status", "--json"]) == 0
    assert [json.loads(line)["cohort"] for line in capsys.readouterr().out.splitlines()] == ["a", "b"]


def test_run_wants_at_least_one_process(workspace, capsys):
    assert cli.main(["run", "--jobs", "0", "params/x.yaml"]) == 2
    assert "--jobs must be at least 1" in capsys.readouterr().err


def test_doctor_tells_what_is_missing(workspace, capsys, monkeypatch):
    monkeypatch.delenv("BACKTORULE_DATA", raising=False)
    assert cli.main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "BACKTORULE_DATA: not set" in text
    assert "Working folder: writable" in text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_new_copies_one_language_and_refuses_a_full_folder(workspace, capsys, language):
    (workspace / "notebooks").mkdir()
    (workspace / "params" / "demo.yaml").write_text("cohort: demo\n")
    cells = [
        {"cell_type": "markdown", "metadata": {"tags": [f"lang-{x}"]}, "source": f"text {x}"}
        for x in ("nb", "en")
    ]
    (workspace / "notebooks" / "01_cohort.ipynb").write_text(json.dumps({"cells": cells}))
    assert cli.main(["new", "mine", "--language", language]) == 0
    copied = json.loads((workspace / "mine" / "notebooks" / "01_cohort.ipynb").read_text())
    assert [c["source"] for c in copied["cells"]] == [f"text {language}"]
    assert (workspace / "mine" / "params" / "demo.yaml").is_file()
    assert cli.main(["new", "mine"]) == 2
    assert "is not empty" in capsys.readouterr().err
