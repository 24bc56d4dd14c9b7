import threading
from collections.abc import Iterator

import pytest

from closing_host.sie.ahead import ahead


def test_items_come_in_order_from_another_thread() -> None:
    makers = []

    def made() -> Iterator[int]:
        for number in range(5):
            makers.append(threading.current_thread())
            yield number

    assert list(ahead(made())) == [0, 1, 2, 3, 4]
    assert threading.main_thread() not in makers


def test_next_item_is_made_while_the_caller_works() -> None:
    second = threading.Event()

    def made() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    items = ahead(made())
    assert next(items) == 1
    assert second.wait(5)
    assert list(items) == [2]


def test_what_making_raises_comes_where_the_item_was_due() -> None:
    def made() -> Iterator[int]:
        yield 1
        raise OSError("disk gone")

    items = ahead(made())
    assert next(items) == 1
    with pytest.raises(OSError, match="disk gone"):
        next(items)


def test_leaving_early_ends_the_thread() -> None:
    before = threading.active_count()
    items = ahead(iter(range(1000)))
    assert next(items) == 0
    items.close()
    assert threading.active_count() == before
