"""What code in C prints while the solver runs reaches nobody; what is printed before and after does."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import numpy as np
import pytest

from backtorule_eval.disclosure import quiet, search
from backtorule_eval.disclosure.quiet import no_output


def printed_in_c(words):
    ctypes.CDLL(None).printf(b"%s\n", words)


@pytest.mark.skipif(os.name != "posix", reason="looks for C's printf as POSIX systems name it")
def test_a_line_that_the_solver_prints_is_seen_nowhere(monkeypatch, capfd):
    def chatty(*_, **__):
        printed_in_c(b"Running a sub-problem")
        raise search.GaveUp("no answer")

    monkeypatch.setattr(search, "milp", chatty)
    printed_in_c(b"before")
    with pytest.raises(search.GaveUp, match="no answer"):
        search._solve(np.zeros(1), [], None)
    printed_in_c(b"after")
    quiet._empty_buffers()
    assert capfd.readouterr().out.split() == ["before", "after"]


def test_a_process_without_standard_output_can_search(monkeypatch):
    def closed(_):
        raise OSError("no standard output")

    monkeypatch.setattr(os, "dup", closed)
    with no_output():
        reached = True
    assert reached


def test_standard_output_is_as_before_in_a_process_of_its_own():
    code = (
        "import os\nfrom backtorule_eval.disclosure.quiet import no_output\n"
        "print('one', flush=True)\nwith no_output():\n    os.write(1, b'lost')\nprint('two')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["one", "two"]
