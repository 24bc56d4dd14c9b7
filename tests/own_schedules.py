"""Schedules and attached files of the user's own, in a world of `stored_books`."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from closing_host.closing.schedule import Schedule, ScheduleRow
from closing_host.storage.attached_files import AttachedFiles, NewFile
from closing_host.storage.audit import Trail
from closing_host.storage.own_attachments import OwnAttachments
from stored_books import ANNA, YEAR_END, YEAR_START, World

T = TypeVar("T")


def schedule(*amounts: int, account: str = "1510", as_at: date = YEAR_END, **more: object) -> Schedule:
    rows = tuple(ScheduleRow(f"Post {number}", amount) for number, amount in enumerate(amounts, 1))
    return Schedule(account, as_at, rows, **{"standing": "debit", **more})  # type: ignore[arg-type]


def own(world: World, work: Callable[[OwnAttachments, Trail], T], *, engagement: int = 1) -> T:
    with world.store.database.write() as connection:
        return work(OwnAttachments(connection, engagement, YEAR_START), world.store.trail(connection, ANNA))


def files(world: World, work: Callable[[AttachedFiles, Trail], T], *, engagement: int = 1) -> T:
    with world.store.database.write() as connection:
        return work(AttachedFiles(connection, engagement, YEAR_START), world.store.trail(connection, ANNA))


def new_file(
    world: World, content: bytes = b"%PDF-1", *, attachment: int | None = None, name: str = "a.pdf"
) -> NewFile:
    return NewFile("1510", attachment, name, "PDF", len(content), world.store.blobs.put(content))


def add_schedule(world: World) -> None:
    own(world, lambda records, trail: records.add(trail, schedule(100, 200)))


def attach_file(world: World) -> None:
    new = new_file(world)
    files(world, lambda records, trail: records.add(trail, new))
