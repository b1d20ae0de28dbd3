"""A folder is replaced whole or not at all, also when the work is interrupted between any two steps."""

from __future__ import annotations

import os

import pytest

from backtorule_eval.run import swap


@pytest.fixture
def folders(tmp_path):
    new, place = tmp_path / ".demo.new", tmp_path / "demo"
    for folder, text in ((new, "new"), (place, "old")):
        folder.mkdir()
        (folder / "page").write_text(text)
    return new, place


def test_first_time_there_is_nothing_to_replace(tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    swap.swap_in(new, tmp_path / "outputs" / "demo")
    assert (tmp_path / "outputs" / "demo").is_dir()
    assert not new.exists()


@pytest.mark.parametrize("can_exchange", [True, False])
def test_the_new_stands_and_the_old_is_gone(folders, monkeypatch, can_exchange):
    if not can_exchange:
        monkeypatch.setattr(swap, "exchange", lambda *_: False)
    new, place = folders
    swap.swap_in(new, place)
    assert (place / "page").read_text() == "new"
    assert sorted(p.name for p in place.parent.iterdir()) == ["demo"]


@pytest.mark.parametrize("stop_at", [1, 2, 3, 4])
def test_an_interrupted_swap_is_finished_by_the_next_command(folders, monkeypatch, stop_at):
    new, place = folders
    monkeypatch.setattr(swap, "exchange", lambda *_: False)
    calls = {"n": 0}

    def stopping(function):
        def step(*arguments, **options):
            calls["n"] += 1
            if calls["n"] == stop_at:
                raise KeyboardInterrupt
            return function(*arguments, **options)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stopping(os.replace))
        patch.setattr(os, "rename", stopping(os.rename))
        patch.setattr(swap.shutil, "rmtree", stopping(swap.shutil.rmtree))
        with pytest.raises(KeyboardInterrupt):
            swap.swap_in(new, place)
    swap.finish_swaps(place.parent)
    expected = "old" if stop_at == 1 else "new"  # before the journal stands, nothing has been promised
    assert (place / "page").read_text() == expected
    assert not list(place.parent.glob(".demo.swap.json"))


def test_no_exchange_off_linux(folders, monkeypatch):
    monkeypatch.setattr(swap.sys, "platform", "darwin")
    assert swap.exchange(*folders) is False
