"""Make the README's picture: one section of a page, as a browser shows it.

BACKTORULE_DATA=... backtorule run params/hsls09.yaml
python docs/picture.py outputs/hsls09/notebooks/05_motivation_and_completion.html 4 docs/picture.png
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SIZE = "760,900"


def one_section(page: str, number: int) -> str:
    """Return the page with its n-th section (h2, from 1) and nothing else in it."""
    before, main, after = re.split(r"(?<=<main id=\"main\" tabindex=\"-1\">)|(?=</main>)", page, maxsplit=2)
    sections = [s for s in re.split(r"(?=<h2 id=\"s)", main) if s.startswith("<h2")]
    shell = re.sub(r"<header>.*?</header>", "", before, flags=re.DOTALL)
    return shell + sections[number - 1] + after


def main(page: str, number: str, picture: str) -> int:
    """Take the picture with a headless Chromium."""
    browser = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None:
        sys.stderr.write("No Chromium on this machine.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        section = Path(folder) / "section.html"
        section.write_text(one_section(Path(page).read_text(encoding="utf-8"), int(number)), encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options.append(f"--window-size={SIZE}")
        places = [f"--user-data-dir={folder}/profile", f"--screenshot={picture}", section.as_uri()]
        return subprocess.call([browser, *options, *places], stderr=subprocess.DEVNULL)


sys.exit(main(*sys.argv[1:]))
