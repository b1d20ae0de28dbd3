"""No output from a solver: what code in C prints goes nowhere, not to a terminal and not to a page."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

STANDARD_OUTPUT = 1


@contextmanager
def no_output() -> Iterator[None]:
    """Send what is written to standard output to nowhere, by whatever code, while this lasts.

    HiGHS prints a line of its own now and then although it is told not to (its issue 2783:
    ``HighsMipSolverData::transformNewIntegerFeasibleSolution``). Python's `redirect_stdout` does not reach
    code in C, so the file descriptor itself is turned away. C keeps lines back until its buffer is full, so
    the buffer is emptied before and after.
    """
    try:
        kept = os.dup(STANDARD_OUTPUT)
    except OSError:  # there is no standard output
        yield
        return
    _empty_buffers()
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), STANDARD_OUTPUT)
    try:
        yield
    finally:
        _empty_buffers()
        os.dup2(kept, STANDARD_OUTPUT)
        os.close(kept)


def _empty_buffers() -> None:
    """Write out what C keeps in its buffers."""
    _c().fflush(None)


@cache
def _c() -> ctypes.CDLL:
    """Return the C library of this process."""
    return ctypes.CDLL(None if os.name == "posix" else "ucrtbase")
