"""What leaves: one zip of what passed the audit, or a refusal that tells all that is wrong and no value."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import docx
import nbformat
import pytest

from backtorule_eval.errors import DisclosureRefused, ParameterProblem
from backtorule_eval.run import cli
from backtorule_eval.run.bundle import checked_bundle, write_bundle
from backtorule_eval.run.render import NOT_SHOWN
from backtorule_eval.run.written import texts_of
from tests.cohort.identity_numbers import one_number

PLAN = "a" * 64
FLOW = 'study.publish(describe_flow(study.cohort), view="flow", name="answer")'


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Outputs as a run leaves them, in small."""
    folder = tmp_path / "outputs" / "tiny"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><p>Svaret</p>", encoding="utf-8")
    (folder / "ledger.json").write_text(json.dumps({"plan": PLAN}), encoding="utf-8")
    (folder / "run.log.jsonl").write_text("{}\n", encoding="utf-8")
    write_notebook(folder, marked("<p>55</p>"))
    seal(folder)
    return folder


def marked(html: str) -> dict:
    return nbformat.v4.new_output(
        "display_data", data={"text/html": html}, metadata={"backtorule": {"key": "01_a/answer"}}
    )


def write_notebook(folder: Path, *given, plan: str = PLAN) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=list(given), id="a")])
    notebook.metadata["backtorule"] = {"plan": plan}
    (folder / "notebooks" / "01_a.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")


def seal(folder: Path) -> None:
    """Write the manifest as a run does: last, with the hash of every file."""
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    hashes = {name: hashlib.sha256(p.read_bytes()).hexdigest() for name, p in files.items()}
    hashes.pop("manifest.json", None)
    (folder / "manifest.json").write_text(json.dumps({"plan": PLAN, "files": hashes}), encoding="utf-8")


def refused(folder: Path, **given) -> str:
    with pytest.raises(DisclosureRefused, match="is not released, and nothing was written") as caught:
        checked_bundle(folder, **given)
    return str(caught.value)


def test_the_front_page_comes_first_and_the_machine_s_own_log_stays(outputs):
    assert checked_bundle(outputs).files == (
        "index.html",
        "ledger.json",
        "manifest.json",
        "notebooks/01_a.ipynb",
    )


def test_the_same_outputs_give_the_same_zip(outputs, tmp_path):
    bundle = checked_bundle(outputs)
    for name in ("one.zip", "two.zip"):
        write_bundle(bundle, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist()[0] == "tiny/index.html"


def test_without_outputs_there_is_nothing_to_release(tmp_path):
    with pytest.raises(ParameterProblem, match="no outputs of a cohort called none"):
        checked_bundle(tmp_path / "none")


def test_a_file_of_another_kind_is_refused(outputs):
    (outputs / "rows.parquet").write_bytes(b"PAR1")
    seal(outputs)
    assert "rows.parquet: files of this kind are not released" in refused(outputs)


def test_only_the_two_files_of_json_that_are_known_are_released(outputs):
    (outputs / "answers.json").write_text("{}", encoding="utf-8")
    seal(outputs)
    assert "answers.json: files of this kind" in refused(outputs)


def test_what_was_put_in_changed_or_taken_out_afterwards_is_told_all_at_once(outputs):
    (outputs / "index.html").write_text("changed", encoding="utf-8")
    (outputs / "extra.csv").write_text("a\n", encoding="utf-8")
    (outputs / "ledger.json").unlink()
    told = refused(outputs)
    assert "index.html: was changed after the run" in told
    assert "extra.csv: the run did not write it" in told
    assert "ledger.json: is missing. Run the study again." in told
    assert "ledger.json: is missing or of another audit" in told


def test_an_output_that_did_not_pass_publish_is_refused(outputs):
    write_notebook(outputs, nbformat.v4.new_output("stream", text="57"))
    seal(outputs)
    assert "01_a.ipynb: holds an output that did not pass publish" in refused(outputs)


def test_the_line_that_stands_for_what_is_not_shown_may_leave(outputs):
    line = nbformat.v4.new_output("display_data", data={"text/plain": NOT_SHOWN["nb"]})
    write_notebook(outputs, line)
    seal(outputs)
    assert checked_bundle(outputs)


def test_a_notebook_of_another_audit_is_refused(outputs):
    write_notebook(outputs, marked("<p>55</p>"), plan="b" * 64)
    seal(outputs)
    assert "01_a.ipynb: does not carry the audited plan" in refused(outputs)


@pytest.mark.parametrize("series", ["fødselsnummer", "D-number", "Tenor"])
def test_an_identity_number_is_refused_and_not_repeated(outputs, series):
    number = one_number(series=series)
    write_notebook(outputs, marked(f"<p>sagt av {number}</p>"))
    seal(outputs)
    told = refused(outputs)
    assert "01_a.ipynb: holds what looks like an identity number" in told
    assert number not in told


def test_a_pseudonym_or_a_planted_token_is_refused_and_not_repeated(outputs):
    write_notebook(outputs, marked("<p>P-0417 og andre</p>"))
    seal(outputs)
    told = refused(outputs, secrets=["P-0417", "P-0418", "12"])
    assert "01_a.ipynb: holds 1 pseudonym(s) or planted token(s)" in told
    assert "0417" not in told


def test_part_of_a_longer_word_is_no_pseudonym(outputs):
    write_notebook(outputs, marked("<p>P-04170</p>"))
    seal(outputs)
    assert checked_bundle(outputs, secrets=["P-0417", "04170"])


def written_word(text: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


PLACES = {
    "a.html": lambda token: f'<svg role="img" aria-label="{token}"></svg>'.encode(),
    "b.svg": lambda token: f"<svg><text>{token}</text></svg>".encode(),
    "c.csv": lambda token: f'a,"{token}"\n'.encode(),
    "d.docx": written_word,
    "e.tex": lambda token: f"\\textbf{{{token}}}".encode(),
    "f.txt": lambda token: token.encode(),
    "g.png": lambda token: b"\x89PNG\r\n\x1a\ntEXtComment\x00" + token.encode() + b"\x00\x01",
    "h.pdf": lambda token: f"%PDF-1.7\n1 0 obj<</Title ({token})>>endobj".encode(),
    "i.pdf": lambda token: f"<</Alt <FEFF{token.encode('utf-16-be').hex().upper()}>>>".encode(),
    "j.json": lambda token: json.dumps({"a": [{token: None}]}).encode(),
}


@pytest.mark.parametrize("name", PLACES)
def test_every_kind_of_file_is_read(tmp_path, name):
    (tmp_path / name).write_bytes(PLACES[name]("KANARI-4711"))
    assert any("KANARI-4711" in text for text in texts_of(tmp_path / name))


def test_places_in_a_drawing_and_hashes_are_no_text(tmp_path):
    drawing = tmp_path / "a.svg"
    drawing.write_text(
        f'<svg><path d="M {one_number()}"/><text>{"0123456789abcdef" * 4}</text></svg>', encoding="utf-8"
    )
    assert "".join(texts_of(drawing)).strip() == ""


@pytest.mark.notebooks
def test_a_finished_run_is_released_whole(workspace, notebook, capsys):
    notebook("01_a", FLOW)
    assert cli.main(["release", "tiny"]) == 2
    assert cli.main(["run", "params/tiny.yaml", "--jobs", "1"]) == 0
    assert cli.main(["release", "tiny"]) == 0
    told = capsys.readouterr().out
    assert "tiny.zip" in told
    with zipfile.ZipFile(workspace / "outputs" / "releases" / "tiny.zip") as archive:
        assert archive.namelist()[0] == "tiny/index.html"
    (workspace / "outputs" / "tiny" / "notes.txt").write_text("mine", encoding="utf-8")
    assert cli.main(["release", "tiny"]) == 4
    (workspace / "outputs" / "tiny" / "notes.txt").unlink()
    people = workspace / "raw" / "people.csv"
    people.write_text(people.read_text(encoding="utf-8") + "p-99,woman,2003\n", encoding="utf-8")
    assert cli.main(["release", "tiny"]) == 2
    assert "the data have changed since the outputs were made" in capsys.readouterr().err
