"""Nothing that a participant gave is seen in messages, pages, logs or outputs, whatever goes wrong."""

from __future__ import annotations

import base64
import html
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import traceback
import urllib.parse
import zipfile
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import nbformat
import pytest

from backtorule_eval.report.document.model import Document, joined
from backtorule_eval.report.document.typst_pdf import document_pdf
from backtorule_eval.run.cli import main
from backtorule_eval.study import importing
from backtorule_eval.study.importing import import_cohort
from backtorule_eval.study.study_file import read_study_file
from backtorule_eval.study.workspace import Workspace
from tests.bad_studies import bad_inputs, lay_out, see
from tests.canaries import (
    PLANTED,
    Rendering,
    files_below,
    plant_site,
    readable,
    search,
    shown_by,
    shown_of,
    values_given,
)

BAD = bad_inputs()


# --- The search itself --------------------------------------------------------------------------------

TOKEN = "kanari-7f3æ"


@pytest.mark.parametrize(
    "text",
    [
        f"Row 5: {TOKEN.upper()}.",
        f"<td>{html.escape(f'<{TOKEN}>')}</td>",
        f"href='?q={urllib.parse.quote(TOKEN)}'",
        json.dumps({"a": [TOKEN]}),
        repr(TOKEN),
        "data:text/html;base64," + base64.b64encode(f"<p>of {TOKEN}</p>".encode()).decode(),
        "data:text/html;base64," + base64.b64encode(f"<p>{TOKEN} or</p>".encode()).decode(),
        base64.urlsafe_b64encode(f"{TOKEN} is a person somewhere".encode()).decode(),
        f"the person {TOKEN} is".encode().hex(),
    ],
)
def test_a_token_is_found_in_any_wrapping(text):
    assert search([Rendering.of("page", text)], [TOKEN]) == {TOKEN: ["page"]}


def test_a_token_is_found_in_other_encodings():
    content = f"x {TOKEN} y".encode("utf-16")
    assert search([Rendering(name="page", content=content)], [TOKEN]) == {TOKEN: ["page"]}


@pytest.mark.parametrize(
    ("canary", "text"),
    [
        ("58,37", "mean 58.37"),
        ("58.37", "mean 58,37 poeng"),
        ("4711", "4 711 hours"),
        ("4711", "4\u00a0711 hours"),
        ("4711", "4,711 hours"),
        ("-5,5", "value=-5.5)"),
        ("28.02.2019", "on 2019-02-28T00:00:00"),
        ("28.02.2019", "28. februar 2019"),
        ("2019-02-28", "February 28, 2019"),
        ("2019-02-28", "Timestamp('20190228')"),
    ],
)
def test_a_number_or_a_date_is_found_however_it_is_written(canary, text):
    assert search([Rendering.of("page", text)], [canary]) == {canary: ["page"]}


@pytest.mark.parametrize("text", ["58.371", "158.37", "1.58.37", "abc58.37", "2019-02-27", "kanari-8"])
def test_what_is_part_of_something_else_is_not_found(text):
    assert search([Rendering.of("page", text)], ["58.37", "2019-02-28", "kana"]) == {}


def test_an_exception_is_searched_with_its_causes():
    error = RuntimeError("clean")
    error.__cause__ = ValueError(f"could not convert string to float: {TOKEN!r}")
    assert search(shown_by(error), [TOKEN]) == {TOKEN: ["exception ValueError"]}


# --- Bad data -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_no_value_of_a_bad_study_is_seen(bad):
    told = see(bad, "check", "en")
    values = values_given(bad)
    assert bad.exit_code == 2 or values or bad.name in WITHOUT_VALUES
    assert search(shown_of(told), values) == {}
    # As a program that catches nothing would show it.
    if told.stopped_by:
        shown = Rendering.of("traceback", "".join(traceback.format_exception(told.stopped_by)))
        assert search([shown], values) == {}


# Nothing is read of them at all: no folder, no database.
WITHOUT_VALUES = {"folder_missing"}


# --- Good data, real notebooks --------------------------------------------------------------------------

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "backtorule_eval"]
STUDY = """\
cohort: kanariland
title: {nb: Et kull med kanarifugler, en: A cohort with canaries}
language: nb
source: {folder: "${BACKTORULE_DATA}", mapping: mapping.yaml}
data: personal
as_of: 2026-06-30
disclosure: {threshold: 5, base: 5}
formats: [html, pdf, docx]
"""
OPEN = """\
from backtorule_eval import open_study
study = open_study(study, notebook="{name}")
persons = study.cohort.table("persons")
who = persons.loc[persons["grunnskolepoeng"].idxmax()]
text = f"{{who['person']}} {{who['grunnskolepoeng']}} {{who['remaining_hours']}} {{who['consent_date']}}"
"""
# Each cell shows what it should not; none of them holds a value in its source.
NOISE = [
    "persons",
    "print(text)",
    "import sys; print(text, file=sys.stderr)",
    "import warnings; warnings.warn(text)",
    "import logging; logging.basicConfig(force=True); logging.error(text)",
    "import os; os.write(1, text.encode()); os.write(2, text.encode())",
    "import os; os.system(f'echo {text}; echo {text} >&2')",
    'from IPython.display import HTML, display; display(HTML(text), metadata={"note": text})',
    'display({"text/plain": text, "application/json": {"a": [text]}}, raw=True, display_id="i-" + text)',
    "get_ipython().set_next_input(text)",
]
STOPS = {
    "prints_first": "print(persons.to_string())\ndisplay(persons)\nraise KeyError(text)",
    "chained": (
        "try:\n    float(text)\nexcept ValueError as error:\n"
        "    problem = RuntimeError(text)\n    problem.add_note(text)\n    raise problem from error"
    ),
    "left": "import sys\nsys.exit(text)",
    "wrote_to_the_terminal": "import os\nos.write(2, text.encode())\nos.system(f'echo {text} >&2')\n1 / 0",
    "died": "import os\nos.write(1, text.encode())\nos.write(2, text.encode())\nos._exit(9)",
    "warned_as_an_error": "import warnings\nwarnings.simplefilter('error')\nwarnings.warn(text)",
}


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A workspace in which a command has run, and what it told."""

    root: Path
    exit_code: int
    told: tuple[Rendering, ...]

    @property
    def seen(self) -> list[Rendering]:
        return [*self.told, *files_below(self.root / "outputs")]

    @property
    def seen_since(self) -> list[Rendering]:
        """What was told, and what is written beside earlier outputs, which stay as they are."""
        outputs = self.root / "outputs"
        return [
            *self.told,
            *(one for folder in (".failed", ".checks") for one in files_below(outputs / folder)),
            *(one for path in outputs.glob("*.html") for one in readable(path.name, path.read_bytes())),
        ]


def run_in(root: Path, *arguments: str) -> Ran:
    """Run the command line in a process of its own, so that nothing written to the terminal escapes us."""
    environment = {**os.environ, "BACKTORULE_DATA": str(root / "raw"), "PYTHONUNBUFFERED": "1"}
    done = subprocess.run([*COMMAND, *arguments], cwd=root, env=environment, capture_output=True, timeout=600)
    told = (Rendering(name="stdout", content=done.stdout), Rendering(name="stderr", content=done.stderr))
    return Ran(root=root, exit_code=done.returncode, told=told)


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Path:
    """A workspace with a planted site and no notebooks yet."""
    root = tmp_path_factory.mktemp("planted")
    plant_site(root / "raw")
    (root / "params").mkdir()
    (root / "params" / "study.yaml").write_text(STUDY, encoding="utf-8")
    shutil.copy(root / "raw" / "mapping.yaml", root / "params" / "mapping.yaml")
    return root


def write_notebook(path: Path, *cells: str) -> None:
    sources = ['study: str = "params/study.yaml"  # the study file', OPEN.format(name=path.stem), *cells]
    code = [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    code[0].metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(cells=[*code, *_left_behind()])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["widgets"] = {"state": {"value": "kanari-person"}}
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)


def _left_behind() -> list[nbformat.NotebookNode]:
    """What a student who worked in JupyterLab leaves in a notebook: outputs, metadata, a pasted picture."""
    note = {"note": "kanari-fritekst"}
    shown = nbformat.v4.new_output("stream", text="kanari-person 58.37")
    code = nbformat.v4.new_code_cell("1", id="left-code", outputs=[shown], metadata=note)
    prose = nbformat.v4.new_markdown_cell("Prose.", id="left-prose", metadata={"note": "kanari-utdrag"})
    prose["attachments"] = {"picture.txt": {"text/plain": "kanari-skole"}}
    return [prose, code]


@pytest.fixture(scope="module")
def finished(planted) -> Ran:
    """The real notebooks, and one that shows everything it should not."""
    shutil.copytree(ROOT / "notebooks", planted / "notebooks", ignore=shutil.ignore_patterns(".*"))
    write_notebook(planted / "notebooks" / "90_noise.ipynb", *NOISE)
    return run_in(planted, "run", "params/study.yaml")


@pytest.fixture(scope="module")
def released(finished) -> Ran:
    """What the finished run may share, put into one zip."""
    return run_in(finished.root, "release", "kanariland")


@pytest.fixture(scope="module")
def stopped(planted, released) -> Ran:
    """Notebooks that stop with a value in their message, each in its own way."""
    for path in (planted / "notebooks").glob("*.ipynb"):
        path.unlink()
    for number, (name, cell) in enumerate(STOPS.items(), start=10):
        write_notebook(planted / "notebooks" / f"{number}_{name}.ipynb", cell)
    return run_in(planted, "run", "params/study.yaml")


@pytest.mark.notebooks
@pytest.mark.slow
def test_what_is_planted_reaches_the_cohort(finished):
    path = finished.root / "params" / "study.yaml"
    with mock.patch.dict(os.environ, {"BACKTORULE_DATA": str(finished.root / "raw")}):
        file = read_study_file(path)
        cohort = import_cohort(file, study=path, workspace=Workspace(root=finished.root)).cohort
    for canary, place in PLANTED.items():
        if place:
            table, column = place.split(".")
            values = Rendering.of(place, "\n".join(map(str, cohort.table(table)[column])))
            assert search([values], [canary]) == {canary: [place]}


@pytest.mark.notebooks
@pytest.mark.slow
def test_no_planted_value_is_in_what_a_finished_run_tells_or_writes(finished):
    assert finished.exit_code == 0, finished.told
    assert search(finished.seen, PLANTED) == {}
    names = {rendering.name for rendering in finished.seen}
    assert {
        "kanariland/index.html",
        "kanariland/notebooks/90_noise.ipynb",
        "kanariland/notebooks/90_noise.pdf: text",
        "kanariland/findings.docx/word/document.xml",
        "kanariland/run.log.jsonl",
    } <= names


@pytest.mark.notebooks
@pytest.mark.slow
def test_no_planted_value_is_in_what_is_released(released):
    assert released.exit_code == 0, released.told
    packed = "kanariland.zip/kanariland"
    history = released.root / "params" / "kanariland.releases.jsonl"
    seen = [
        *released.told,
        *files_below(released.root / "outputs" / "releases"),
        *readable(history.name, history.read_bytes()),
    ]
    assert search(seen, PLANTED) == {}
    names = {rendering.name for rendering in seen}
    assert {f"{packed}/index.html", f"{packed}/findings.pdf: text"} <= names
    assert not any(name.startswith(f"{packed}/run.log") for name in names)


def test_a_token_is_found_in_whatever_it_is_packed(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", f"<w:t>{TOKEN}</w:t>")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.docx", inner.getvalue())
    document = Document(title=TOKEN, language="nb", blocks=joined((f"# Tittel\n\nHer er {TOKEN}.",)))
    (tmp_path / "c.pdf").write_bytes(document_pdf(document))
    (found,) = search(files_below(tmp_path), [TOKEN]).values()
    assert {"a.zip/b.docx/a.xml", "c.pdf: text"} <= set(found)


@pytest.mark.notebooks
@pytest.mark.slow
def test_the_same_search_finds_them_in_the_private_store(finished, stopped):
    kept = files_below(finished.root / ".backtorule")
    assert search(kept, ["kanari-person", "58.37", "4711", "2019-02-28"]).keys() == {
        "kanari-person",
        "58.37",
        "4711",
        "2019-02-28",
    }
    folders = [finished.root / ".backtorule", *(p for p in finished.root.glob(".backtorule/jobs/*/*"))]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


@pytest.mark.notebooks
@pytest.mark.slow
def test_no_planted_value_is_in_what_a_stopped_run_tells_or_writes(stopped):
    assert stopped.exit_code == 5, stopped.told
    assert search(stopped.seen_since, PLANTED) == {}
    saved = {path.stem.split("_", 1)[1] for path in stopped.root.glob("outputs/.failed/kanariland/*.ipynb")}
    assert saved == STOPS.keys()


@pytest.mark.notebooks
@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("status",), ("status", "--json"), ("check", "params/study.yaml")])
def test_no_planted_value_is_in_what_other_commands_tell(stopped, arguments):
    ran = run_in(stopped.root, *arguments)
    assert ran.exit_code == 0
    assert search(ran.seen_since, PLANTED) == {}


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_fault_of_the_program_shows_its_kind_and_keeps_its_message(command, tmp_path, monkeypatch, capsys):
    def fail(*_, **__):
        raise ValueError(f"could not convert {TOKEN!r}")

    bad = next(bad for bad in BAD if bad.name == "out_of_range")
    site = lay_out(bad, tmp_path)
    monkeypatch.setenv("BACKTORULE_DATA", str(site.raw))
    monkeypatch.chdir(site.root)
    monkeypatch.setattr(importing, "load_or_build", fail)
    assert main([command, site.study]) == 1
    told = capsys.readouterr()
    assert "a fault of the program itself: ValueError in test_canaries.py, line" in told.err
    seen = [Rendering.of("terminal", told.out + told.err), *files_below(site.root / "outputs")]
    assert search(seen, [TOKEN]) == {}
    kept = site.root / ".backtorule" / "faults"
    assert search(files_below(kept), [TOKEN])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
