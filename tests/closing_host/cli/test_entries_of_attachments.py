"""`closing entries add --from-attachment` on books that were imported with their attachments."""

import shutil
from collections.abc import Iterator
from functools import partial

import pytest

from closing_host.engagements.host import Host
from fortnox_office import running_simulator, time_of
from imported_office import BOOKS, Begun, begin

from .conftest import Closing


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    with pytest.MonkeyPatch.context() as environment, running_simulator() as simulator:
        folder = tmp_path_factory.mktemp("imported")
        environment.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        yield begin(folder, simulator)


def test_a_proposed_entry_is_made_ready_or_as_a_draft(
    begun: Begun, closing: Closing, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(begun.folder / "data", "data")
    monkeypatch.setenv("CLOSING_KEY_FILE", str(begun.folder / "key"))
    monkeypatch.setattr(Host, "open", partial(Host.open, **time_of(begun.simulator)))
    refused = closing("entries", "add", BOOKS, "--from-attachment", "receivables", "1")
    assert "the company has no account 2420" in refused.words
    draft = closing("entries", "add", BOOKS, "--from-attachment", "receivables", "1", "--draft", "--json").data
    assert (draft["text"], draft["status"], draft["period"]) == ("Reversed balances moved", "draft", "year-end")
    assert (draft["origin"]["kind"], draft["reversed_next"], draft["reversal"]["status"]) == (
        "attachment",
        True,
        "draft",
    )
    rows = ("--row", "1510=1000", "--row", "1930=-1000")
    ready = closing("entries", "edit", BOOKS, "V1", *rows, "--ready", "--json").data
    assert (ready["status"], ready["reversal"]["status"]) == ("ready", "ready")
    assert [each["account"] for each in ready["effect"]] == ["1510", "1930"]
