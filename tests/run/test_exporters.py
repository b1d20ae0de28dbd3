"""The exporters as people meet them: JupyterLab's menu and `jupyter nbconvert --to`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import pytest

from backtorule_eval.disclosure.rules import PUBLIC
from backtorule_eval.report.rendered import MARK
from backtorule_eval.report.views import render
from tests.report.examples import ladder, looked_at

BEGINNINGS = {
    "backtorule_html": b"<!doctype html>",
    "backtorule_pdf": b"%PDF",
    "backtorule_docx": b"PK\x03\x04",
}
EXPORTERS = sorted(e.name for e in entry_points(group="nbconvert.exporters") if e.name in BEGINNINGS)


def working_copy(folder: Path) -> Path:
    """A student's notebook under way: a result that passed `publish`, and a frame that did not."""
    data, metadata = render(looked_at(*ladder(), view="forest", rules=PUBLIC), "nb")._repr_mimebundle_()
    outputs = [
        nbformat.v4.new_output("display_data", data=data, metadata=metadata),
        nbformat.v4.new_output("execute_result", data={"text/html": "<table><td>p-01</td></table>"}),
    ]
    cells = [
        nbformat.v4.new_markdown_cell("# Hva henger sammen med å slutte?", id="a"),
        nbformat.v4.new_markdown_cell("# What goes with leaving?", id="b", metadata={"tags": ["lang-en"]}),
        nbformat.v4.new_code_cell("study.publish(step)", id="c", outputs=outputs),
    ]
    path = folder / "arbeid.ipynb"
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """A Jupyter server as JupyterLab starts one, on this machine alone."""
    folder = tmp_path_factory.mktemp("lab")
    working_copy(folder)
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        "--no-browser",
        "--ip=127.0.0.1",
        "--port=0",
        "--allow-root",
    ]
    command += [f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=tests"]
    log = folder.parent / "server.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            stdout=file,
            stderr=file,
            env=os.environ | {"JUPYTER_PLATFORM_DIRS": "1", "HOME": str(folder)},
        )
    try:
        yield _address(log, process), folder
    finally:
        process.terminate()
        process.wait(timeout=20)


def _address(log: Path, process: subprocess.Popen) -> str:
    """Wait until the server says where it listens."""
    for _ in range(300):
        found = re.search(r"http://127\.0\.0\.1:\d+/", log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found.group(0)
        assert process.poll() is None, "the server stopped"
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def test_html_and_word_are_offered():
    assert {"backtorule_html", "backtorule_docx"} <= set(EXPORTERS)


@pytest.mark.slow
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_the_menu_s_own_address_gives_the_document(server, exporter):
    address, _folder = server
    url = f"{address}nbconvert/{exporter}/arbeid.ipynb?download=true&token=tests"
    with urllib.request.urlopen(url, timeout=60) as answer:
        content = answer.read()
    assert content.lower().startswith(BEGINNINGS[exporter].lower())
    assert b"p-01" not in content


@pytest.mark.slow
def test_nbconvert_on_the_command_line_keeps_marked_outputs_only(tmp_path):
    path = working_copy(tmp_path)
    command = [sys.executable, "-m", "nbconvert", "--to", "backtorule_html", "--log-level=ERROR", str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=tmp_path)
    page = (tmp_path / "arbeid.html").read_text(encoding="utf-8")
    assert "Foreløpig: ikke kontrollert mot resten, ikke for deling." in page
    assert "Ikke vist: resultatet gikk ikke gjennom publish." in page
    assert "Høyere interesse for fagene" in page
    assert "What goes with leaving?" not in page
    assert "p-01" not in page


def test_a_marked_output_without_a_result_is_refused(tmp_path):
    path = working_copy(tmp_path)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].outputs[1].metadata[MARK] = {"key": "a/b", "digest": "0"}
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "nbconvert", "--to", "backtorule_html", "--log-level=ERROR", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, timeout=60, cwd=tmp_path, text=True)
    assert done.returncode != 0
    assert "marked as a result and does not hold one" in done.stderr
    assert not (tmp_path / "arbeid.html").exists()
