"""Make the pictures of README and docs: a page as a browser shows it, or a page of a PDF.

BACKTORULE_DATA=... backtorule run params/hsls09.yaml
python docs/picture.py outputs/hsls09/notebooks/05_motivation_and_completion.html 4 docs/picture.png
python docs/picture.py outputs/hsls09/index.html 0 docs/findings.png
python docs/picture.py outputs/hsls09/findings.pdf 1 docs/findings-pdf.png

Of HTML, 0 is the first screen and n the n-th section (h2) alone; of a PDF, n is the n-th page.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SECTION, SCREEN = "760,900", "760,1240"
PDF_PIXELS_PER_INCH = "90"


def one_section(page: str, number: int) -> str:
    """Return the page with its n-th section (h2, from 1) and nothing else in it."""
    before, main, after = re.split(r"(?<=<main id=\"main\" tabindex=\"-1\">)|(?=</main>)", page, maxsplit=2)
    sections = [s for s in re.split(r"(?=<h2 id=\"s)", main) if s.startswith("<h2")]
    shell = re.sub(r"<header>.*?</header>", "", before, flags=re.DOTALL)
    return shell + sections[number - 1] + after


def found(*names: str) -> str:
    """Return the first of some programs that is on this machine."""
    programs = [program for name in names if (program := shutil.which(name))]
    if not programs:
        sys.exit(f"Not on this machine: {' or '.join(names)}.")
    return programs[0]


def picture_of_html(page: Path, number: int, picture: str) -> int:
    """Take the picture with a headless Chromium."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        shown = Path(folder) / "page.html"
        shown.write_text(one_section(text, number) if number else text, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        options.append(f"--window-size={SECTION if number else SCREEN}")
        places = [f"--user-data-dir={folder}/profile", f"--screenshot={picture}", shown.as_uri()]
        browser = found("chromium", "google-chrome")
        return subprocess.call([browser, *options, *places], stderr=subprocess.DEVNULL)


def picture_of_pdf(file: Path, number: int, picture: str) -> int:
    """Draw one page with poppler."""
    one = ["-f", str(number), "-l", str(number), "-singlefile", "-r", PDF_PIXELS_PER_INCH, "-png"]
    return subprocess.call([found("pdftoppm"), *one, str(file), picture.removesuffix(".png")])


if __name__ == "__main__":
    name, which, target = sys.argv[1:]
    take = picture_of_pdf if name.endswith(".pdf") else picture_of_html
    sys.exit(take(Path(name), int(which), target))
