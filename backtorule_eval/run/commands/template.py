"""`backtorule template`: write the empty workbook that a site fills in, with the mapping that imports it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backtorule_eval.cohort.template import LANGUAGES, write_template


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's options."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write; made if needed")
    parser.add_argument(
        "--language", choices=LANGUAGES, default="nb", help="of headings and choices (default: nb)"
    )


def run(args: argparse.Namespace) -> int:
    """Write both files and say where they are."""
    files = write_template(args.folder, language=args.language)
    sys.stdout.write(
        f"Wrote {files.workbook}: one sheet per table, and a codebook.\n"
        f"Wrote {files.mapping}: keep it beside the workbook; it imports it.\n"
    )
    return 0
