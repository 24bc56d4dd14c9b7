"""*Behandlingshistorik* says everything that can be done, in both languages."""

from datetime import UTC, datetime

import pytest

from closing_host.engagements.processing_history import Event
from closing_host.locale import Words
from closing_host.storage.audit import Action
from closing_host.web.history_words import ACTIONS, event_lines


def event(action: Action, object: str = "", **details: object) -> Event:
    return Event(7, datetime(2026, 2, 14, 9, tzinfo=UTC), "asa", action, object, "", details)


def test_every_action_has_words() -> None:
    assert set(ACTIONS) == set(Action)
    assert len(set(ACTIONS.values())) == len(ACTIONS)
    swedish, english = Words("sv"), Words("en")
    for action, words in ACTIONS.items():
        assert english.text(words) == words
        assert swedish.text(words) not in (words, ""), action


@pytest.mark.parametrize(
    ("told", "what", "about", "entry", "detail"),
    [
        (event(Action.IMPORT_PUBLISHED, "snapshot:3", year="2025-01-01"), "Import", "import 3", "", ""),
        (
            event(Action.ENTRY_STATUS, "entry:5", entry="V1", year="2025-01-01", status=["draft", "ready"]),
            "Bokslutsverifikation: ny status",
            "V1",
            "V1",
            "Ej överförd",
        ),
        (
            event(Action.EXPORT_BOOKED, "export:1", entry="V2", booked=["I", "14", "answer"]),
            "Verif",
            "V2",
            "V2",
            "I 14",
        ),
        (event(Action.EXPORT_ENDED, "export:1", booked=2, of=3), "Exporten", "", "", ""),
        (event(Action.FILE_ATTACHED, "attached-file:1:2", account="1510"), "Fil bifogad", "1510", "", ""),
    ],
)
def test_an_event_says_what_was_done_with_what(told: Event, what: str, about: str, entry: str, detail: str) -> None:
    (line,) = event_lines(Words("sv"), [told], "Källan")
    assert line.what.startswith(what[:4])
    assert (line.about, line.entry, line.detail) == (about, entry, detail)
