"""`backtorule demo`."""

from __future__ import annotations

import pytest

from backtorule_eval.run.cli import main


def test_demo_writes_a_site_and_says_what_is_next(tmp_path, capsys):
    assert main(["demo", str(tmp_path / "site"), "--people", "8", "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Wrote 8 invented people to {tmp_path / 'site'}.")
    assert f"Next: backtorule run {tmp_path / 'site' / 'study.yaml'}" in said
    assert (tmp_path / "site" / "survey.csv").is_file()


def test_demo_writes_a_register(tmp_path):
    assert main(["demo", str(tmp_path / "site"), "--people", "20", "--format", "parquet"]) == 0
    assert (tmp_path / "site" / "persons" / "part-00000.parquet").is_file()
    assert not (tmp_path / "site" / "mapping.yaml").exists()


def test_demo_refuses_a_folder_with_something_else(tmp_path, capsys):
    (tmp_path / "thesis.docx").write_text("mine", encoding="utf-8")
    assert main(["demo", str(tmp_path)]) == 2
    assert "no earlier demo: thesis.docx" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--design", "lottery"], ["--people", "many"]])
def test_demo_refuses_wrong_options(tmp_path, option, capsys):
    with pytest.raises(SystemExit):
        main(["demo", str(tmp_path / "site"), *option])
    assert not (tmp_path / "site").exists()
