"""One process serves a data folder's pages, and the others find it."""

from pathlib import Path

from closing_host.storage.serving import ServingMark, marked, served_at


def test_only_one_has_the_mark_until_it_gives_it_up(tmp_path: Path) -> None:
    with marked(tmp_path) as first, marked(tmp_path) as second:
        assert (first.take(), second.take()) == (True, False)
        first.release()
        assert second.take()


def test_who_has_it_tells_where(tmp_path: Path) -> None:
    assert served_at(tmp_path) is None
    with marked(tmp_path) as mark:
        mark.take()
        assert ServingMark(tmp_path).told(patience=0) is None
        mark.tell(8710)
        assert served_at(tmp_path) == 8710
    assert served_at(tmp_path) is None  # though the port still stands in the file
