import polars as pl
import pytest

from closing_host.api.ledger import OBJECTS
from closing_host.ledgers.objects import with_objects_text


def text_of(*lists: list[dict[str, object]] | None) -> list[str]:
    frame = pl.DataFrame({"place": range(len(lists)), "objects": lists}, schema={"place": pl.Int64, "objects": OBJECTS})
    written = with_objects_text(frame)
    assert written.columns == ["place", "objects"]
    assert written["place"].to_list() == list(range(len(lists)))
    return written["objects"].to_list()


def pair(dimension: int | None, code: str | None) -> dict[str, object]:
    return {"dimension": dimension, "object": code}


def test_lists_are_written_in_one_order_and_frames_keep_theirs() -> None:
    lists = [[pair(6, "P1"), pair(1, "10")], [], [pair(1, "10"), pair(6, "P1")], None, [pair(1, "ä b")]]
    assert text_of(*lists) == ['1 "10" 6 "P1"', "", '1 "10" 6 "P1"', "", '1 "ä b"']


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([pair(1, 'a" 1 "b')], [pair(1, "a"), pair(1, "b")]),
        ([pair(1, "\\")], [pair(1, "\\\\")]),
        ([pair(1, '\\"')], [pair(1, '"\\')]),
        ([pair(1, None)], [pair(1, "")]),
        ([pair(1, None)], [pair(1, "~")]),
        ([pair(None, "1")], [pair(1, "1")]),
        ([pair(1, "a"), pair(1, "a")], [pair(1, "a")]),
        ([pair(1, "")], []),
    ],
)
def test_different_lists_have_different_texts(one: list[dict[str, object]], other: list[dict[str, object]]) -> None:
    first, second = text_of(one, other)
    assert first != second
