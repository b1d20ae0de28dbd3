"""The driver sees what a page asks for, what it answers, and where it fails."""

from __future__ import annotations

import struct

import pytest

from tests.browser import chromium as driver
from tests.browser.chromium import BrowserProblem, chromium

pytestmark = pytest.mark.chromium


def write(folder, body):
    path = folder / "page.html"
    path.write_text(f"<!doctype html><title>t</title>{body}", encoding="utf-8")
    return path


def test_every_address_a_page_asks_for_is_counted(page, tmp_path):
    (tmp_path / "style.css").write_text("body { color: red }", encoding="utf-8")
    body = "<link rel=stylesheet href=style.css><img src=https://nav.example/x.png><img src='data:,'>"
    page.open(write(tmp_path, body))
    asked = [url.rpartition("/")[2] for url in page.requests()]
    assert asked == ["page.html", "style.css", "x.png"]


def test_a_request_of_a_script_is_counted(page, tmp_path):
    page.open(write(tmp_path, "<script>fetch('https://nav.example/told').catch(() => {})</script>"))
    assert "https://nav.example/told" in page.requests()


def test_a_script_answers_and_a_promise_is_waited_for(page, tmp_path):
    page.open(write(tmp_path, "<p>å</p>"))
    assert page.run("document.querySelector('p').textContent") == "å"
    assert page.run("new Promise(done => setTimeout(() => done({a: [1]}), 5))") == {"a": [1]}


def test_a_script_that_fails_says_so(page):
    with pytest.raises(BrowserProblem, match="ReferenceError: nothing is not defined"):
        page.run("nothing()")


def test_a_file_that_is_not_there_is_told(page, tmp_path):
    with pytest.raises(BrowserProblem, match=r"gone.html: net::ERR_FILE_NOT_FOUND"):
        page.open(tmp_path / "gone.html")


def test_a_command_that_does_not_exist_is_told(page):
    with pytest.raises(BrowserProblem, match=r"Page\.fly: "):
        page.call("Page.fly")


def test_keys_paper_and_schemes(page, tmp_path):
    style = "<style>@media print { p { color: rgb(1, 2, 3) } }"
    style += "@media (prefers-color-scheme: dark) { p { color: rgb(4, 5, 6) } }</style>"
    content = "<p><a href='#x'>a</a> <button onclick='document.title = 1'>b</button>"
    page.open(write(tmp_path, f"{style}{content}"))
    colour = "getComputedStyle(document.querySelector('p')).color"
    page.media("print")
    assert page.run(colour) == "rgb(1, 2, 3)"
    page.media(scheme="dark")
    assert page.run(colour) == "rgb(4, 5, 6)"
    page.press("Tab")
    page.press("Tab")
    assert page.run("document.activeElement.tagName") == "BUTTON"
    page.press("Enter")
    assert page.run("document.title") == "1"


def test_pictures_have_the_size_asked_for(page, tmp_path):
    page.open(write(tmp_path, "<div style='height: 3000px'>x</div>"))
    page.screen(400, 300, scale=2)
    assert struct.unpack(">II", page.picture()[16:24]) == (800, 600)
    whole = page.picture(clip={"x": 0, "y": 0, "width": 400, "height": 2000})
    assert struct.unpack(">II", whole[16:24]) == (800, 4000)
    assert page.pdf().startswith(b"%PDF")


def test_a_tab_knows_nothing_of_an_earlier_one(browser, tmp_path):
    with browser.page() as page:
        page.open(write(tmp_path, "<p>x"))
        page.media("print")
    with browser.page() as page:
        assert page.requests() == []
        assert page.run("matchMedia('print').matches") is False


def test_a_browser_is_stopped_whatever_happens(monkeypatch):
    started = []
    popen = driver.subprocess.Popen

    def start(*command, **how):
        started.append(popen(*command, **how))
        return started[0]

    monkeypatch.setattr(driver.subprocess, "Popen", start)
    with pytest.raises(KeyError, match="ours"), chromium():
        raise KeyError("ours")
    assert started[0].poll() is not None


def test_a_browser_that_does_not_start_is_told(monkeypatch, tmp_path):
    (tmp_path / "chromium").write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setattr(driver, "find_chromium", lambda: tmp_path / "chromium")
    with pytest.raises(BrowserProblem, match=r"did not start \(exit code 3\)"), chromium():
        pass
