import threading
from collections.abc import Iterator

import pytest

from closing_host.sie import ahead as module
from closing_host.sie.ahead import ahead


def test_results_come_in_order_from_other_threads() -> None:
    workers = []

    def work(number: int) -> int:
        workers.append(threading.current_thread())
        return number * 2

    assert list(ahead(work, range(7))) == [0, 2, 4, 6, 8, 10, 12]
    assert threading.main_thread() not in workers


def test_a_single_item_needs_no_other_thread() -> None:
    assert list(ahead(lambda _: threading.current_thread(), range(1))) == [threading.main_thread()]


def test_nothing_gives_nothing() -> None:
    assert list(ahead(str, [])) == []


def test_work_goes_on_while_the_caller_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "THREADS", 2)
    second = threading.Event()

    def work(number: int) -> int:
        if number == 2:
            second.set()
        return number

    results = ahead(work, [1, 2, 3])
    assert next(results) == 1
    assert second.wait(5)
    assert list(results) == [2, 3]


def test_only_a_few_items_are_drawn_before_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "THREADS", 2)
    drawn = []

    def items() -> Iterator[int]:
        for number in range(100):
            drawn.append(number)
            yield number

    results = ahead(str, items())
    assert [next(results), next(results)] == ["0", "1"]
    assert len(drawn) == 4
    results.close()


def test_what_work_raises_comes_where_its_result_was_due() -> None:
    def work(number: int) -> int:
        return 10 // number

    results = ahead(work, [1, 0, 2])
    assert next(results) == 10
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_what_drawing_raises_comes_before_its_result() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        list(ahead(str, items()))


def test_leaving_early_ends_the_threads() -> None:
    before = threading.active_count()
    results = ahead(str, range(1000))
    assert next(results) == "0"
    results.close()
    assert threading.active_count() == before
