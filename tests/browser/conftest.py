"""One browser for all tests, a tab for each, and every page as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import demo
from tests.browser.chromium import chromium
from tests.browser.every_page import write_pages


@pytest.fixture(scope="session")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser):
    """A tab of its own."""
    with browser.page() as opened:
        yield opened


@pytest.fixture(scope="session")
def made_pages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_pages(folder)
    return folder


@pytest.fixture
def file_of(request):
    """Where a page lies; the demo is run only for a test that asks for one of its pages."""

    def find(name: str) -> Path:
        folder = "demo_outputs" if name in demo.PAGES else "made_pages"
        return request.getfixturevalue(folder) / name

    return find
