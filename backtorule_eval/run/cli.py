"""The command line: which subcommands there are, and how an error becomes one clear message and an exit code.

Only the standard library is loaded here; a subcommand's module is loaded by name when it is used, so that
`backtorule --help` and `backtorule status` answer at once.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from backtorule_eval.errors import EvaluationError

COMMANDS = {
    "run": "execute, audit and render studies; the main job",
    "check": "list every problem of a study's data, with what to do",
    "demo": "write the raw files of an invented site to a folder",
    "template": "write an empty workbook that a site can fill in",
    "release": "put a cohort's outputs into one zip, after checking that all of it may leave",
    "status": "tell what outputs exist and whether they are up to date",
    "new": "make a working copy for a student, in one language",
    "lab": "open JupyterLab on the notebooks",
    "doctor": "tell what is missing on this machine",
}
EPILOG = """exit codes: 0 done; 1 a fault of the program itself; 2 parameters; 3 data; 4 disclosure refused;
5 a notebook failed; 6 some cohorts failed, the others are done"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    chosen = next((a for a in arguments if not a.startswith("-")), None)
    parser = _parser(chosen if chosen in COMMANDS else None)
    try:
        parsed = parser.parse_args(arguments)
        return _module(parsed.command).run(parsed)  # type: ignore[no-any-return]
    except EvaluationError as problem:
        sys.stderr.write(f"backtorule: {problem}\n")
        return problem.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("backtorule: stopped. What was finished is kept; the same command resumes.\n")
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; Python would complain again when it closes stdout.
        sys.stderr.close()
        return 0
    except Exception as fault:
        # Python would print the message, and with it whatever value a library put into it.
        told = importlib.import_module("backtorule_eval.run.fault").tell_fault(fault)
        sys.stderr.write(f"backtorule: {told}\n")
        return EvaluationError.exit_code


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """Build the parser; only the chosen subcommand's options are loaded."""
    parser = argparse.ArgumentParser(
        prog="backtorule",
        description="Evaluation workbook for Back to Rule and programmes like it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="tell the version and stop")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        sub = subparsers.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
        )
        if name == chosen:
            _module(name).add_arguments(sub)
    return parser


def _module(name: str):  # type: ignore[no-untyped-def]
    """Load a subcommand's module."""
    return importlib.import_module(f"backtorule_eval.run.commands.{name}")


class _Version(argparse.Action):
    """Read the installed version only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print the version and stop."""
        metadata = importlib.import_module("importlib.metadata")
        sys.stdout.write(f"backtorule {metadata.version('backtorule-eval')}\n")
        parser.exit()
