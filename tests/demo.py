"""The demo, run once for all tests: a Norwegian study and the same in English, side by side."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COHORTS = {"nb": "demo", "en": "demo-en"}
# The findings are a cohort's own page, index.html.
NOTEBOOKS = sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb") if p.stem != "11_findings")
# Every page of the two studies, below `outputs`.
PAGES = (
    "index.html",
    *(f"{cohort}/index.html" for cohort in COHORTS.values()),
    *(f"{cohort}/notebooks/{name}.html" for cohort in COHORTS.values() for name in NOTEBOOKS),
)
PATIENCE = 600


def language_of(page: str) -> str:
    """The language that a page's study asks for; the list of cohorts speaks Norwegian."""
    return next((language for language, cohort in COHORTS.items() if page.startswith(f"{cohort}/")), "nb")


def run_demo(folder: Path) -> Path:
    """Run the demo in this folder, unless another of the tests' processes does; return its outputs."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return _wait_for(folder)
    told = folder / "told.txt"
    try:
        shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
        studies = [_write_study(folder, language) for language in COHORTS]
        command = [sys.executable, "-m", "backtorule_eval", "run", *studies, "--jobs", "2"]
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": paths}
        with told.open("wb") as log:
            done = subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=log, check=False)
        (folder / ("done" if done.returncode == 0 else "failed")).touch()
    except BaseException:
        (folder / "failed").touch()
        raise
    return _wait_for(folder)


def _write_study(folder: Path, language: str) -> str:
    """Copy the demo's study file, in this language and under this name."""
    study = (ROOT / "params" / "demo.yaml").read_text(encoding="utf-8")
    study = study.replace("cohort: demo\n", f"cohort: {COHORTS[language]}\n")
    study = study.replace("language: nb\n", f"language: {language}\n")
    (folder / "params").mkdir(exist_ok=True)
    (folder / "params" / f"{COHORTS[language]}.yaml").write_text(study, encoding="utf-8")
    return f"params/{COHORTS[language]}.yaml"


def _wait_for(folder: Path) -> Path:
    end = time.monotonic() + PATIENCE
    while not (folder / "done").exists():
        if (folder / "failed").exists() or time.monotonic() > end:
            told = (folder / "told.txt").read_text(encoding="utf-8") if (folder / "told.txt").exists() else ""
            raise RuntimeError(f"The demo did not run.\n{told}")
        time.sleep(0.1)
    return folder / "outputs"
