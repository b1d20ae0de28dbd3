"""`backtorule demo`: write the raw files of an invented site, their mapping and a study file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backtorule_eval.synthetic.assignment import DESIGNS
from backtorule_eval.synthetic.raw.words import LANGUAGES
from backtorule_eval.synthetic.writing import FORMATS, STUDY, write_site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="made if needed; an earlier demo in it is replaced"
    )
    parser.add_argument("--people", type=int, default=60, metavar="N", help="how many people (default: 60)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same files (default: 1)")
    parser.add_argument(
        "--language", choices=LANGUAGES, default="nb", help="of files, columns and cells (default: nb)"
    )
    parser.add_argument(
        "--design",
        choices=DESIGNS,
        default="none",
        help="comparison: none, a random waiting list, or other offices (default: none)",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="raw",
        help="raw: files as a site sends them; parquet: a register, also for a million people (default: raw)",
    )


def run(args: argparse.Namespace) -> int:
    """Write the files and say what to do next."""
    write_site(
        args.folder,
        people=args.people,
        seed=args.seed,
        language=args.language,
        design=args.design,
        fmt=args.format,
    )
    people = "1 invented person" if args.people == 1 else f"{args.people:,} invented people"
    sys.stdout.write(f"Wrote {people} to {args.folder}. Next: backtorule run {args.folder / STUDY}\n")
    return 0
