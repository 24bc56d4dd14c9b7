"""Schedules and attached files as records: numbers, versions, states, the trail, the bytes."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from closing_host.api.errors import ClosingError
from closing_host.closing.schedule import ScheduleRow
from closing_host.storage.audit import events
from closing_host.storage.backup import backup
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.engagements import EngagementRecords, Engagements
from closing_host.storage.own_attachment_tables import attached_file, own_attachment, own_attachment_version
from closing_host.storage.restore import restore
from closing_host.storage.sweep import sweep
from closing_host.storage.verify import verify
from own_schedules import add_schedule, attach_file, files, new_file, own, schedule
from stored_books import ANNA, YEAR_START, SetClock, World, copy_world, opened, small_ledger


@pytest.fixture(scope="module")
def with_year(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copy_world(template, tmp_path_factory.mktemp("year") / "data")
    with opened(path, SetClock()) as made:
        made.publish(small_ledger(100))
    return path


@pytest.fixture
def house(with_year: Path, tmp_path: Path, clock: SetClock) -> Iterator[World]:
    with opened(copy_world(with_year, tmp_path / "data"), clock) as made:
        yield made


def told(world: World) -> list[tuple[str, str, dict[str, object]]]:
    with world.store.database.read() as connection:
        newest = events(connection, engagement_id=1)
    mine = [each for each in reversed(newest) if each.action.startswith(("own-attachment.", "file."))]
    return [(each.action, each.object, json.loads(each.details_json)) for each in mine]


def codes(world: World) -> list[str]:
    return [each.code for each in verify(world.store).problems]


def test_a_schedule_comes_back_as_it_was_kept(house: World) -> None:
    said = schedule(1_050, -50, title="Pärm 3", comment="Enligt besked", copying="without_data", standing="credit")
    kept = own(house, lambda records, trail: records.add(trail, said))
    assert (kept.number, kept.version, kept.state, kept.schedule) == (1, 1, "active", said)
    assert (kept.created_by, kept.changed_by, kept.created_at) == ("anna", "anna", house.clock.now)
    assert own(house, lambda records, trail: records.all()) == (kept,)
    assert own(house, lambda records, trail: records.all("1930")) == ()


def test_every_change_is_a_version_and_none_is_lost(house: World) -> None:
    own(house, lambda records, trail: records.add(trail, schedule(100)))
    house.clock.advance(timedelta(hours=1))
    own(house, lambda records, trail: records.change(trail, 1, schedule(100, 7), basis=1))
    own(house, lambda records, trail: records.change(trail, 1, schedule(100, 7), state="removed"))
    own(house, lambda records, trail: records.change(trail, 1, schedule(100, 7)))
    history = own(house, lambda records, trail: records.history(1))
    assert [(each.version, each.state, each.schedule.total) for each in history] == [
        (4, "active", 107),
        (3, "removed", 107),
        (2, "active", 107),
        (1, "active", 100),
    ]
    assert history[-1].changed_at < history[0].changed_at
    assert history[0].created_at == history[-1].changed_at
    assert [action for action, _, _ in told(house)] == [
        "own-attachment.added",
        "own-attachment.edited",
        "own-attachment.removed",
        "own-attachment.restored",
    ]
    assert codes(house) == []


def test_what_changes_nothing_is_no_version(house: World) -> None:
    add_schedule(house)
    again = own(house, lambda records, trail: records.change(trail, 1, schedule(100, 200)))
    assert (again.version, len(told(house))) == (1, 1)


def test_a_change_of_an_older_version_is_refused(house: World) -> None:
    add_schedule(house)
    own(house, lambda records, trail: records.change(trail, 1, schedule(1)))
    with pytest.raises(ClosingError, match="own-attachment-changed"):
        own(house, lambda records, trail: records.change(trail, 1, schedule(2), basis=1))
    assert own(house, lambda records, trail: records.get(1)).schedule == schedule(1)


def test_a_removed_one_keeps_its_number_and_is_listed_only_when_asked_for(house: World) -> None:
    add_schedule(house)
    own(house, lambda records, trail: records.change(trail, 1, schedule(100, 200), state="removed"))
    second = own(house, lambda records, trail: records.add(trail, schedule(5)))
    assert second.number == 2
    assert [each.number for each in own(house, lambda records, trail: records.all())] == [2]
    assert [each.number for each in own(house, lambda records, trail: records.all(removed=True))] == [1, 2]


def test_the_trail_tells_figures_and_no_texts(house: World) -> None:
    said = schedule(300, title="Sigrid Larsson", comment="lön")
    own(house, lambda records, trail: records.add(trail, said))
    new = new_file(house, name="Sigrid Larsson.pdf")
    files(house, lambda records, trail: records.add(trail, new))
    assert told(house) == [
        (
            "own-attachment.added",
            "own-attachment:1",
            {"account": "1510", "number": 1, "reconciled": 300, "rows": 1, "version": 1, "year": "2024-01-01"},
        ),
        (
            "file.attached",
            "attached-file:1:2024-01-01:1",
            {"account": "1510", "attachment": None, "size": 6, "type": "PDF"},
        ),
    ]


def other_engagement(world: World) -> int:
    with world.store.database.write() as connection:
        trail = world.store.trail(connection, ANNA)
        made = Engagements(connection).create(trail, name="Annan AB", source_id="sie4")
        EngagementRecords(connection, made.id).add_year(trail, YEAR_START, YEAR_START.replace(month=12, day=31))
    return made.id


def test_another_engagements_schedules_and_files_are_out_of_reach(house: World) -> None:
    add_schedule(house)
    attach_file(house)
    other = other_engagement(house)
    assert own(house, lambda records, trail: records.all(removed=True), engagement=other) == ()
    assert files(house, lambda records, trail: records.all(removed=True), engagement=other) == ()
    for reach in (
        lambda: own(house, lambda records, trail: records.get(1), engagement=other),
        lambda: own(house, lambda records, trail: records.history(1), engagement=other),
        lambda: own(house, lambda records, trail: records.change(trail, 1, schedule(1)), engagement=other),
        lambda: files(house, lambda records, trail: records.get(1), engagement=other),
        lambda: files(house, lambda records, trail: records.remove(trail, 1), engagement=other),
    ):
        with pytest.raises(ClosingError, match="unknown"):
            reach()
    hung = new_file(house, attachment=1)
    with pytest.raises(IntegrityError):
        files(house, lambda records, trail: records.add(trail, hung), engagement=other)


def test_a_file_comes_back_and_goes_away_without_being_lost(house: World) -> None:
    add_schedule(house)
    new = new_file(house, b"%PDF-9", attachment=1, name="../Intyg åäö.pdf")
    kept = files(house, lambda records, trail: records.add(trail, new))
    assert (kept.number, kept.attachment, kept.name, kept.size) == (1, 1, "../Intyg åäö.pdf", 6)
    with house.store.blobs.open(kept.blob) as stored:
        assert stored.read() == b"%PDF-9"
    away = files(house, lambda records, trail: records.remove(trail, 1))
    assert (away.removed_by, away.removed_at) == ("anna", house.clock.now)
    assert files(house, lambda records, trail: records.remove(trail, 1)) == away
    assert files(house, lambda records, trail: records.all()) == ()
    assert files(house, lambda records, trail: records.all("1510", removed=True)) == (away,)
    assert [action for action, _, _ in told(house)][1:] == ["file.attached", "file.removed"]
    assert codes(house) == []


def test_the_sweep_keeps_the_bytes_of_files_and_the_backup_holds_them(house: World, tmp_path: Path) -> None:
    attach_file(house)
    add_schedule(house)
    files(house, lambda records, trail: records.remove(trail, 1))
    house.store.blobs.put(b"nobody's")
    house.clock.advance(timedelta(days=4000))
    assert sweep(house.store).blobs == 1
    backup(house.store, tmp_path / "b.zip")
    restored = restore(tmp_path / "b.zip", tmp_path / "back", actor=ANNA, clock=house.clock)
    assert restored.verification.problems == ()
    with opened(tmp_path / "back", house.clock) as back:
        file = files(back, lambda records, trail: records.get(1))
        with back.store.blobs.open(file.blob) as stored:
            assert stored.read() == b"%PDF-1"
        assert own(back, lambda records, trail: records.get(1)).schedule == schedule(100, 200)


@pytest.mark.parametrize(
    "change",
    [
        update(own_attachment_version).values(rows=[["Post 1", 999]]),
        update(own_attachment_version).values(comment="x"),
        update(own_attachment).values(account="1930"),
        update(own_attachment).values(version=2),
        delete(own_attachment_version),
    ],
)
def test_a_schedule_changed_behind_the_trail_is_found(house: World, change: object) -> None:
    add_schedule(house)
    with house.store.database.write() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    assert "own-attachment-not-in-trail" in codes(house)


@pytest.mark.parametrize(
    "change",
    [
        update(attached_file).values(number=2),
        update(attached_file).values(removed_at=None, removed_by=None),
        delete(attached_file),
    ],
)
def test_a_file_changed_behind_the_trail_is_found(house: World, change: object) -> None:
    attach_file(house)
    files(house, lambda records, trail: records.remove(trail, 1))
    with house.store.database.write() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    assert "attached-file-not-in-trail" in codes(house)


def test_a_file_whose_bytes_are_damaged_is_found(house: World) -> None:
    attach_file(house)
    file = files(house, lambda records, trail: records.get(1))
    house.store.blobs.path(file.blob).write_bytes(b"other")
    assert codes(house) == ["blob-damaged"]


class Crash(BaseException):
    """The program stops here."""


def change_schedule(world: World) -> None:
    own(world, lambda records, trail: records.change(trail, 1, schedule(7)))


def remove_file(world: World) -> None:
    files(world, lambda records, trail: records.remove(trail, 1))


@pytest.mark.parametrize("action", [add_schedule, change_schedule, attach_file, remove_file])
def test_a_crash_anywhere_leaves_all_of_a_change_or_nothing(
    house: World, tmp_path: Path, action: Callable[[World], None]
) -> None:
    add_schedule(house)
    attach_file(house)
    before = told(house)
    house.store.close()
    passed: list[str] = []
    with opened(copy_world(tmp_path / "data", tmp_path / "count"), house.clock) as world, crash_handler(passed.append):
        action(world)
    own_points = [each for each in passed if each.startswith(("own_attachment.", "attached_file."))]
    assert len(own_points) >= 3
    for n, point in enumerate(passed, 1):
        reached: list[str] = []

        def stop(name: str, at: int = n, reached: list[str] = reached) -> None:
            reached.append(name)
            if len(reached) == at:
                raise Crash(name)

        path = copy_world(tmp_path / "data", tmp_path / f"{n}")
        with opened(path, house.clock) as world, crash_handler(stop), pytest.raises(Crash, match=point):
            action(world)
        with opened(path, house.clock) as world:
            committed = n > len(passed) - passed[::-1].index(own_points[-1])
            assert len(told(world)) == len(before) + committed
            assert codes(world) == []


def test_twenty_thousand_rows_are_kept(house: World) -> None:
    said = schedule()
    many = type(said)("1510", said.as_at, (ScheduleRow("Post", 10**10),) * 20_000, "debit")
    assert own(house, lambda records, trail: records.add(trail, many)).schedule == many
