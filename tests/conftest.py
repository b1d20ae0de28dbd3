"""Shared by every test: what it may require of the machine (tests/requirements.py), and fixtures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.demo import run_demo
from tests.requirements import missing, required_markers

# Before NumPy is loaded: on a busy machine the threads of matrix products mostly wait for each other.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# --- What the machine must have ----------------------------------------------------------------


def pytest_configure() -> None:
    try:
        required_markers()
    except ValueError as problem:
        raise pytest.UsageError(str(problem)) from None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, by name, what this machine cannot run; what it must run fails in pytest_runtest_setup."""
    for item in items:
        lacking = missing(mark.name for mark in item.iter_markers())
        if lacking and not required_markers() & {requirement.marker for requirement in lacking}:
            names = " and ".join(requirement.name for requirement in lacking)
            item.add_marker(pytest.mark.skip(reason=f"{item.name} needs {names}"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for requirement in missing(mark.name for mark in item.iter_markers()):
        if requirement.marker in required_markers():
            reason = f"BACKTORULE_REQUIRE says that this machine has {requirement.name}; it was not found"
            pytest.fail(reason, pytrace=False)


# --- Fixtures shared by several folders ----------------------------------------------------------


@pytest.fixture(scope="session")
def demo_outputs(tmp_path_factory) -> Path:
    """Outputs of the demo in both languages (tests/demo.py), run once however many processes test."""
    base = tmp_path_factory.getbasetemp()
    return run_demo((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo")
