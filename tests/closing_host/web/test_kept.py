"""What was read lately is kept up to so many bytes, made once also for several who ask."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from closing_host.web.kept import Kept


def test_the_longest_unasked_goes_first_and_the_newest_always_stays() -> None:
    kept, made = Kept(10), []

    def ask(key: str) -> None:
        kept.get(key, lambda: made.append(key), lambda _: 4)

    for key in "abac":
        ask(key)
    assert kept.held == 8
    for key in "acb":
        ask(key)
    assert made == ["a", "b", "c", "b"]  # a had been asked for since
    assert kept.get("huge", lambda: "huge", lambda _: 100) == "huge"
    assert kept.held == 100
    assert kept.get("small", lambda: "small", lambda _: 1) == "small"
    assert kept.held == 1


def test_several_who_ask_at_once_get_one_and_the_same() -> None:
    kept, makings, asked = Kept(10), [], threading.Barrier(4)

    def make() -> object:
        makings.append(1)
        return object()

    def ask(_: int) -> object:
        asked.wait(5)
        return kept.get("a", make, lambda _: 1)

    with ThreadPoolExecutor(4) as pool:
        got = set(pool.map(ask, range(4)))
    assert (len(got), len(makings)) == (1, 1)


def test_what_could_not_be_made_is_asked_for_again() -> None:
    kept = Kept(10)

    def fail() -> str:
        raise ValueError("not now")

    with pytest.raises(ValueError, match="not now"):
        kept.get("a", fail, len)
    assert kept.get("a", lambda: "there", len) == "there"
