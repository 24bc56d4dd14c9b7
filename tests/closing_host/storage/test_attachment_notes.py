import pytest
from sqlalchemy import text

from closing_host.storage.attachment_notes import AttachmentNotes, ChosenAccounts, Note
from closing_host.storage.audit import Action, events
from closing_host.storage.verify import Problem, verify
from stored_books import ANNA, YEAR_START, World


def write(world: World, document: str, said: str) -> None:
    with world.store.database.write() as connection:
        trail = world.store.trail(connection, ANNA)
        AttachmentNotes(connection, 1).write(trail, YEAR_START, "receivables", document, said)


def noted(world: World, engagement_id: int = 1) -> dict[str, Note]:
    with world.store.database.read() as connection:
        return AttachmentNotes(connection, engagement_id).of(YEAR_START, "receivables")


def choose(world: World, *accounts: str) -> None:
    with world.store.database.write() as connection:
        ChosenAccounts(connection, 1).choose(world.store.trail(connection, ANNA), "payables", accounts)


def test_a_note_is_set_replaced_and_removed(world: World) -> None:
    write(world, "101", "Ring Åke")
    write(world, "102", "Tvist")
    assert noted(world)["101"] == Note("101", "Ring Åke", "anna", world.clock())
    write(world, "101", "Ringd")
    write(world, "102", "")
    assert {document: note.text for document, note in noted(world).items()} == {"101": "Ringd"}
    assert noted(world, 2) == {}
    with world.store.database.read() as connection:
        assert AttachmentNotes(connection, 1).of(YEAR_START, "payables") == {}


def test_the_trail_tells_of_notes_by_hash_and_of_accounts_by_number(world: World) -> None:
    write(world, "101", "Ring Åke")
    choose(world, "2440", "2441")
    choose(world)
    with world.store.database.read() as connection:
        told = events(connection)
        assert ChosenAccounts(connection, 1).all() == {}
    assert "Åke" not in str(told)
    assert [each.action for each in told[:3]] == [
        Action.ATTACHMENT_ACCOUNTS,
        Action.ATTACHMENT_ACCOUNTS,
        Action.ATTACHMENT_NOTED,
    ]
    assert told[1].details_json == '{"after":["2440","2441"],"before":[]}'


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE attachment_note SET text = 'Betald'",
        "DELETE FROM attachment_note",
    ],
)
def test_a_note_that_was_changed_behind_our_back_is_found(world: World, change: str) -> None:
    write(world, "102", "Tvist")
    write(world, "102", "")
    write(world, "101", "Ring Åke")
    assert verify(world.store).problems == ()
    with world.store.database.write() as connection:
        connection.execute(text(change))
    expected = Problem("note-not-in-trail", {"notes": "note:1:2024-01-01:receivables", "record": "101"})
    assert verify(world.store).problems == (expected,)
