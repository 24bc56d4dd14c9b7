"""Closing entries as records: numbers, versions, states, the trail."""

import json
import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from closing_host.api.errors import ClosingError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import (
    YEAR_END,
    ClosingEntry,
    EntryContent,
    Kind,
    Origin,
    Status,
    Transferred,
    may_move,
)
from closing_host.storage.audit import Actor, events
from closing_host.storage.backup import backup
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.engagements import EngagementRecords, Engagements
from closing_host.storage.entries import EntryRecords
from closing_host.storage.entry_tables import closing_entry, closing_entry_version
from closing_host.storage.restore import restore
from closing_host.storage.verify import verify
from stored_books import ANNA, YEAR_START, World, opened, small_ledger

YEAR_LAST = date(2024, 12, 31)
ROWS = (DraftRow("7010", 1_200_000, ((1, "N"), (6, "P1")), "löner"), DraftRow("2910", -1_200_000))
CONTENT = EntryContent(YEAR_LAST, "Upplupna löner", ROWS, YEAR_END)
PLACE = Transferred("I", "14", datetime(2026, 2, 1, 9, tzinfo=UTC), "anna", "answer")
Work = Callable[[EntryRecords, Any], Any]


@pytest.fixture(scope="module")
def with_year(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose engagement 1 has a year with books."""
    from stored_books import SetClock, copy_world

    path = copy_world(template, tmp_path_factory.mktemp("year") / "data")
    with opened(path, SetClock()) as made:
        made.publish(small_ledger(100))
    return path


@pytest.fixture
def house(with_year: Path, tmp_path: Path, clock: Any) -> Any:
    from stored_books import copy_world

    with opened(copy_world(with_year, tmp_path / "data"), clock) as made:
        yield made


def do(world: World, work: Work, actor: Actor = ANNA) -> Any:
    with world.store.database.write() as connection:
        return work(EntryRecords(connection, 1), world.store.trail(connection, actor))


def look(world: World, work: Callable[[EntryRecords], Any]) -> Any:
    with world.store.database.read() as connection:
        return work(EntryRecords(connection, 1))


def add(world: World, kind: Kind = "V", status: Status = Status.READY) -> ClosingEntry:
    made: ClosingEntry = do(world, lambda records, trail: records.add(trail, YEAR_START, kind, CONTENT, status=status))
    return made


def move(world: World, entry: ClosingEntry, status: Status, by: Any = "user", **more: Any) -> ClosingEntry:
    moved: ClosingEntry = do(world, lambda records, trail: records.set_status(trail, entry.id, status, by=by, **more))
    return moved


def book(world: World, entry: ClosingEntry) -> ClosingEntry:
    move(world, entry, Status.SENDING, "export")
    return move(world, entry, Status.TRANSFERRED, "export", transferred=PLACE)


def test_an_entry_is_kept_as_it_was_given(house: World) -> None:
    origin = Origin("difference", "2910")
    made = do(house, lambda records, trail: records.add(trail, YEAR_START, "V", CONTENT, origin, Status.DRAFT))
    assert look(house, lambda records: records.get(made.id)) == made
    assert (made.content, made.origin, made.status, made.label) == (CONTENT, origin, Status.DRAFT, "V1")
    assert (made.version, made.send, made.seen, made.created_by) == (1, 1, False, "anna")
    assert re.fullmatch("BK[A-Z2-7]{16}", made.marker)


def test_each_kind_and_year_has_its_own_numbers(house: World) -> None:
    with house.store.database.write() as connection:
        EngagementRecords(connection, 1).add_year(
            house.store.trail(connection, ANNA), date(2025, 1, 1), date(2025, 12, 31)
        )
    do(house, lambda records, trail: records.add(trail, date(2025, 1, 1), "V", CONTENT))
    for kind in ("V", "S", "V"):
        add(house, kind)
    assert [each.label for each in look(house, lambda records: records.all(YEAR_START))] == ["V1", "V2", "S1"]
    assert [(each.year_start.year, each.label) for each in look(house, lambda records: records.all())] == [
        (2024, "V1"),
        (2024, "V2"),
        (2024, "S1"),
        (2025, "V1"),
    ]


def test_a_year_that_is_not_there_takes_no_entry(house: World) -> None:
    with pytest.raises(ClosingError, match="entry-year-unknown"):
        do(house, lambda records, trail: records.add(trail, date(2031, 1, 1), "V", CONTENT))


def test_the_number_of_a_deleted_entry_is_never_given_out_again(house: World) -> None:
    add(house)
    move(house, add(house), Status.DELETED)
    assert add(house).label == "V3"
    assert [each.label for each in look(house, lambda records: records.all())] == ["V1", "V3"]
    assert [each.label for each in look(house, lambda records: records.all(deleted=True))] == ["V1", "V2", "V3"]


def test_writers_side_by_side_never_get_the_same_number(house: World) -> None:
    def work(kind: Kind) -> None:
        for _ in range(5):
            entry = add(house, kind)
            if entry.number % 2:
                move(house, entry, Status.DELETED)

    threads = [threading.Thread(target=work, args=(kind,)) for kind in ("V", "V", "V", "S")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = look(house, lambda records: records.all(deleted=True))
    assert [each.number for each in made if each.kind == "V"] == list(range(1, 16))
    assert [each.number for each in made if each.kind == "S"] == list(range(1, 6))
    assert len({each.marker for each in made}) == 20
    assert verify(house.store).problems == ()


def test_a_label_finds_its_entry(house: World) -> None:
    add(house)
    made = add(house)
    for label in ("V2", "v2", "V2-3"):
        assert look(house, lambda records, label=label: records.by_label(YEAR_START, label)).id == made.id  # type: ignore[misc]
    for label in ("V3", "S2", "2", "", "V²", "Vx"):
        with pytest.raises(ClosingError, match="entry-unknown"):
            look(house, lambda records, label=label: records.by_label(YEAR_START, label))  # type: ignore[misc]


def test_another_engagement_does_not_see_it(house: World) -> None:
    made = add(house)
    with house.store.database.write() as connection:
        other = Engagements(connection).create(house.store.trail(connection, ANNA), name="Annan AB", source_id="sie4")
        records = EntryRecords(connection, other.id)
        assert records.all(deleted=True) == ()
        for asked in (records.get, records.history):
            with pytest.raises(ClosingError, match="entry-unknown"):
                asked(made.id)
        for asked_together in (records.each, records.markers):
            with pytest.raises(ClosingError, match="entry-unknown"):
                asked_together([made.id])


def test_an_edit_keeps_what_was_before(house: World) -> None:
    made = add(house)
    other = EntryContent(date(2024, 11, 30), "Räntor", (DraftRow("8410", 7), DraftRow("2960", -7)), "2024-11", True)
    house.clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    bo = Actor("bo")
    after = do(house, lambda records, trail: records.edit(trail, made.id, other, version=1), bo)
    assert (after.content, after.version, after.status, after.created_by) == (other, 2, Status.READY, "anna")
    first, second = look(house, lambda records: records.history(made.id))
    assert (first.actor, first.entry) == ("anna", made)
    assert (second.actor, second.at, second.entry) == ("bo", house.clock.now, after)


def test_an_edit_of_an_older_version_is_refused_and_changes_nothing(house: World) -> None:
    made = add(house)
    do(house, lambda records, trail: records.edit(trail, made.id, CONTENT, version=1), Actor("bo"))
    with pytest.raises(ClosingError) as refused:
        do(house, lambda records, trail: records.edit(trail, made.id, CONTENT, version=1))
    assert refused.value.code == "entry-changed-meanwhile"
    assert refused.value.parameters["by"] == "bo"
    assert len(look(house, lambda records: records.history(made.id))) == 2


def test_an_edit_makes_a_failed_entry_ready(house: World) -> None:
    made = add(house)
    move(house, made, Status.SENDING, "export")
    failed = move(house, made, Status.FAILED, "export", reason="period-locked", run_id="run-00001")
    assert (failed.status, failed.reason) == (Status.FAILED, "period-locked")
    after = do(house, lambda records, trail: records.edit(trail, made.id, CONTENT, version=failed.version))
    assert (after.status, after.reason) == (Status.READY, "")
    assert look(house, lambda records: records.history(made.id))[2].run_id == "run-00001"


def test_an_edit_may_state_the_status_and_its_reason(house: World) -> None:
    made = add(house)

    def change(**more: Any) -> ClosingEntry:
        version = look(house, lambda records: records.get(made.id)).version
        return do(house, lambda records, trail: records.edit(trail, made.id, CONTENT, version=version, **more))  # type: ignore[no-any-return]

    assert change(status=Status.NOT_FOR_TRANSFER, reason="bokförs i källan").reason == "bokförs i källan"
    assert change().reason == "bokförs i källan"
    assert change(status=Status.DRAFT).reason == ""
    with pytest.raises(ClosingError, match="entry-transition-refused"):
        change(status=Status.EXCLUDED)


def test_what_was_booked_is_not_edited(house: World) -> None:
    booked = book(house, add(house))
    assert (booked.status, booked.transferred) == (Status.TRANSFERRED, PLACE)
    with pytest.raises(ClosingError, match="entry-not-editable"):
        do(house, lambda records, trail: records.edit(trail, booked.id, CONTENT, version=booked.version))


@pytest.mark.parametrize("by", ["user", "export", "import"])
def test_only_the_tables_transitions_happen(house: World, by: Any) -> None:
    made = add(house)
    for before in Status:
        for after in Status:
            with house.store.database.write() as connection:
                connection.execute(
                    update(closing_entry_version)
                    .where(closing_entry_version.c.entry_id == made.id)
                    .values(status=str(before))
                )
                records = EntryRecords(connection, 1)
                kept = connection.begin_nested()
                if may_move(before, after, by):
                    moved = records.set_status(
                        house.store.trail(connection, ANNA), made.id, after, by=by, transferred=PLACE
                    )
                    assert moved.status is after
                else:
                    with pytest.raises(ClosingError, match="entry-transition-refused"):
                        records.set_status(
                            house.store.trail(connection, ANNA), made.id, after, by=by, transferred=PLACE
                        )
                kept.rollback()


def test_a_caller_may_insist_on_the_state_that_it_saw(house: World) -> None:
    made = add(house)
    with pytest.raises(ClosingError, match="entry-transition-refused"):
        move(house, made, Status.SENDING, "export", allowed={Status.FAILED})
    assert move(house, made, Status.SENDING, "export", allowed={Status.READY}).status is Status.SENDING


def test_a_booked_state_needs_a_place_unless_it_is_unsure(house: World) -> None:
    made = add(house)
    with pytest.raises(ValueError, match="without a place"):
        move(house, made, Status.EXCLUDED, "import")
    assert move(house, made, Status.DOUBLE, "import", seen=True).transferred is None


def test_where_it_was_booked_is_kept_until_it_is_no_longer_booked(house: World) -> None:
    made = book(house, add(house))
    missing = move(house, made, Status.MISSING, "import", seen=True)
    assert (missing.transferred, missing.seen) == (PLACE, True)
    assert move(house, made, Status.MISSING, "import").seen is True
    other = Transferred("I", "15", PLACE.at, "bo", "import", changed=True)
    assert move(house, made, Status.CHANGED, "import", transferred=other).transferred == other
    move(house, made, Status.MISSING, "import")
    let_be = move(house, made, Status.NOT_FOR_TRANSFER, reason="finns i en annan verifikation")
    assert (let_be.transferred, let_be.seen) == (None, False)


def test_sending_again_gives_a_new_marker_and_forgets_none(house: World) -> None:
    made = book(house, add(house))
    with pytest.raises(ClosingError, match="entry-transition-refused"):
        do(house, lambda records, trail: records.send_again(trail, made.id))
    move(house, made, Status.MISSING, "import")
    again = do(house, lambda records, trail: records.send_again(trail, made.id))
    assert (again.label, again.send, again.status, again.transferred) == ("V1-2", 2, Status.READY, None)
    assert again.marker != made.marker
    other = add(house)
    assert look(house, lambda records: records.markers((other.id, made.id))) == {
        made.id: (made.marker, again.marker),
        other.id: (other.marker,),
    }


def test_entries_named_together_come_in_order_and_each_must_be_known(house: World) -> None:
    first, second = add(house), add(house)
    assert look(house, lambda records: records.each((second.id, first.id))) == (first, second)
    with pytest.raises(ClosingError, match="entry-unknown") as refused:
        look(house, lambda records: records.each((first.id, 99)))
    assert refused.value.parameters["entry"] == 99
    with pytest.raises(ClosingError, match="entry-unknown") as refused:
        look(house, lambda records: records.markers((first.id, 99)))
    assert refused.value.parameters["entry"] == 99


def test_every_change_is_told_in_the_trail_without_texts(house: World) -> None:
    made = book(house, add(house))
    do(house, lambda records, trail: records.set_status(trail, made.id, Status.MISSING, by="import"))
    again = do(house, lambda records, trail: records.send_again(trail, made.id))
    do(house, lambda records, trail: records.edit(trail, made.id, CONTENT, version=again.version))
    move(house, made, Status.DELETED, run_id="run-00001")
    with house.store.database.read() as connection:
        told = [each for each in reversed(events(connection)) if each.object == f"entry:{made.id}"]
    assert [each.action for each in told] == [
        "entry.added",
        "entry.status",
        "entry.status",
        "entry.status",
        "entry.sent-again",
        "entry.edited",
        "entry.deleted",
    ]
    assert [each.before_hash for each in told[1:]] == [each.after_hash for each in told[:-1]]
    assert len({each.after_hash for each in told}) == len(told)
    assert told[-1].run_id == "run-00001"
    details = json.loads(told[2].details_json)
    assert (details["status"], details["booked"]) == (["sending", "transferred"], ["I", "14", "answer"])
    assert (details["debit"], details["entry"], details["version"]) == (1_200_000, "V1", 3)
    assert not any(text in each.details_json for each in told for text in ("löner", "Upplupna"))


def test_a_crash_at_any_point_leaves_the_entry_as_it_was(house: World) -> None:
    made = add(house)

    class Crash(BaseException):
        pass

    def die_at(wanted: int) -> Callable[[str], None]:
        passed = iter(range(1, 99))

        def handler(point: str) -> None:
            if next(passed) == wanted:
                raise Crash(point)

        return handler

    works: list[Work] = [
        lambda records, trail: records.add(trail, YEAR_START, "V", CONTENT),
        lambda records, trail: records.edit(trail, made.id, CONTENT, version=1),
        lambda records, trail: records.set_status(trail, made.id, Status.DELETED, by="user"),
    ]
    for work in works:
        for n in range(1, 6):
            with crash_handler(die_at(n)), pytest.raises(Crash):
                do(house, work)
            assert look(house, lambda records: records.all(deleted=True)) == (made,)
    assert verify(house.store).problems == ()


def test_a_backup_holds_entries_and_their_history(house: World, tmp_path: Path) -> None:
    made = book(house, add(house))
    backup(house.store, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "back", actor=ANNA, clock=house.clock)
    with opened(tmp_path / "back", house.clock) as back:
        assert look(back, lambda records: records.get(made.id)) == made
        assert look(back, lambda records: records.history(made.id)) == look(
            house, lambda records: records.history(made.id)
        )
        assert verify(back.store).problems == ()


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (closing_entry_version, {"rows": [["7010", 1, [], ""], ["2910", -1, [], ""]]}),
        (closing_entry_version, {"status": "ready"}),
        (closing_entry_version, {"transferred_number": "15"}),
        (closing_entry, {"version": 1}),
        (closing_entry, {"number": 9}),
    ],
)
def test_verify_finds_an_entry_that_was_changed_behind_the_trail(house: World, table: Any, values: Any) -> None:
    made = book(house, add(house))
    with house.store.database.write() as connection:
        newest = select(func.max(closing_entry_version.c.version)).scalar_subquery()
        where = table.c.version == (newest if table is closing_entry_version else made.version)
        connection.execute(update(table).where(where).values(values))
    (problem,) = verify(house.store).problems
    assert (problem.code, problem.parameters["entry"]) == ("entry-not-in-trail", made.id)
