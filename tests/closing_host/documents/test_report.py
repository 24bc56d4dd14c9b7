from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.documents.report import Column, Line, LineKind, Points, Report, Section, Table, parts
from pdf_text import MADE_AT


def report(*sections: Section) -> Report:
    return Report("T", "O", "sv", (), sections, "foot", "{n}/{m}", "part {n} of {m}", "again", MADE_AT)


def table(kinds: list[LineKind]) -> Table:
    return Table("x", (Column("a"),), tuple(Line(kind, (f"{kind}{n}",)) for n, kind in enumerate(kinds)))


def lines(part: Report) -> list[Line]:
    return [line for section in part.sections if isinstance(section, Table) for line in section.lines]


def test_report_that_fits_stays_whole() -> None:
    whole = report(table(["row"] * 10), Points("p", ("a",)))
    assert parts(whole, 10) == [whole]


def test_table_that_does_not_fit_goes_on_in_the_next_part_and_says_so() -> None:
    one, two = parts(report(table(["row"] * 11)), 10)
    assert [len(lines(one)), len(lines(two))] == [10, 1]
    assert (one.part, two.part) == ("part 1 of 2", "part 2 of 2")
    assert [each.continued for part in (one, two) for each in part.sections if isinstance(each, Table)] == [False, True]


def test_group_that_is_broken_is_headed_again() -> None:
    one, two = parts(report(table(["group", "row", "row", "row", "row", "sum"])), 4)
    assert [line.kind for line in lines(one)] == ["group", "row", "row", "row"]
    assert [line.cells[0] for line in lines(two)] == ["group0", "row4", "sum5"]


def test_note_and_sum_stay_with_what_they_belong_to() -> None:
    one, two = parts(report(table(["row", "row", "row", "note", "sum"])), 3)
    assert [line.cells[0] for line in lines(one)] == ["row0", "row1"]
    assert [line.cells[0] for line in lines(two)] == ["row2", "note3", "sum4"]


def test_heading_is_never_the_last_line() -> None:
    one, two = parts(report(table(["row", "row", "group", "row", "row"])), 3)
    assert [line.cells[0] for line in lines(one)] == ["row0", "row1"]
    assert [line.cells[0] for line in lines(two)] == ["group2", "row3", "row4"]


def test_short_texts_take_no_room_from_tables() -> None:
    made = parts(report(Points("p", ("a",) * 50), table(["row"] * 3)), 3)
    assert len(made) == 1


KINDS = st.lists(st.sampled_from(("row", "row", "row", "group", "note", "sum")), max_size=60)


@settings(deadline=None)
@given(st.lists(KINDS, max_size=4), st.integers(3, 20))
def test_parts_hold_every_line_once_in_order_and_not_too_many(kinds: list[list[LineKind]], most: int) -> None:
    whole = report(*(replace(table(each), title=str(n)) for n, each in enumerate(kinds)))
    made = parts(whole, most)
    told = [(section.title, line) for section in whole.sections if isinstance(section, Table) for line in section.lines]
    again: list[tuple[str, Line]] = []
    for part in made:
        assert len(lines(part)) <= most
        for section in part.sections:
            assert isinstance(section, Table)
            repeated = section.continued and (section.title, section.lines[0]) in again
            again += [(section.title, line) for line in section.lines[repeated:]]
    assert again == told
