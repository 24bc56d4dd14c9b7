"""Keys that are missing, changed or lost, over a stored connection (A16, A17)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from closing_host.api.errors import ClosingError
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.credentials import Credentials, owner_of
from closing_host.storage.installation import Installations
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.connections import Connections
from closing_host.transfers.keys import Resealed, open_keyring, replace_lost_key, reseal
from fake_books import Firm, Installation, open_firm
from stored_books import ANNA

pytestmark = pytest.mark.anyio

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


class Crash(BaseException):
    """The process is gone."""


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    opened = open_firm(tmp_path / "data", keyring=Keyring((OLD,)))
    yield opened
    opened.store.close()


def key_file(firm: Firm) -> Path:
    return firm.store.folder.path.parent / "key"


def state(firm: Firm, keyring: Keyring) -> tuple[str, str]:
    view = Connections(firm.store, firm.connections.sources, keyring=keyring).view(firm.engagement_id)
    return str(view.state), view.reason


# --- the six cases of a start (A16); in each the host starts, the books open, and no file is changed


def missing(path: Path) -> None:
    """No file."""


def wrong(path: Path) -> None:
    path.write_text(NEW + "\n")


def malformed(path: Path) -> None:
    path.write_text("key\n")


def empty(path: Path) -> None:
    path.write_text("")


def unreadable(path: Path) -> None:
    path.mkdir()


def right(path: Path) -> None:
    path.write_text(OLD + "\n")


@pytest.mark.parametrize(
    ("make", "problem", "shows"),
    [
        (missing, "key-missing", ("revoked", "key-missing")),
        (wrong, "", ("revoked", "key-wrong")),
        (malformed, "key-malformed", ("revoked", "key-missing")),
        (empty, "key-malformed", ("revoked", "key-missing")),
        (unreadable, "key-file-unreadable", ("revoked", "key-missing")),
        (right, "", ("connected", "")),
    ],
)
async def test_the_host_starts_whatever_the_key_is(
    firm: Firm, make: Callable[[Path], None], problem: str, shows: tuple[str, str]
) -> None:
    await firm.connect()
    path = key_file(firm)
    make(path)
    before = path.read_bytes() if path.is_file() else path.exists()
    firm.store.close()
    with Store.open(firm.store.folder.path, clock=firm.clock) as store:
        keyring = open_keyring(store, {}, default=path)
        assert keyring.problem == problem
        view = Connections(store, firm.connections.sources, keyring=keyring).view(firm.engagement_id)
        assert (view.state, view.reason) == shows
    assert (path.read_bytes() if path.is_file() else path.exists()) == before


async def test_a_new_login_under_another_key_works_while_the_old_secret_stays_as_it_is(firm: Firm) -> None:
    await firm.connect()
    both = Keyring((NEW,))
    others = Connections(firm.store, firm.connections.sources, keyring=both)
    others.save_installation("books", Installation(client_id="id", client_secret=SecretStr("s")), ANNA)
    from closing_host.transfers.logins import Logins

    logins = Logins(others)
    dialogue = await logins.begin(firm.engagement_id, callback="http://x/", session="s", actor=ANNA)
    await logins.complete({"state": dialogue.state, "code": "c"}, session="s", actor=ANNA)  # type: ignore[union-attr]
    assert state(firm, both) == ("connected", "")


async def test_the_first_start_makes_the_key(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data") as store:
        keyring = open_keyring(store, {}, default=tmp_path / "config" / "key")
        assert (keyring.problem, (tmp_path / "config" / "key").is_file()) == ("", True)


# --- changing the key (A17)


def filled(firm: Firm, rows: int) -> None:
    with firm.store.database.write() as connection:
        for number in range(rows):
            owner = owner_of(firm.engagement_id, "books", f"account-{number}", 1)
            Credentials(connection).insert_quarantined(
                id=f"{number:032}",
                owner=owner,
                sealed=Keyring((OLD,)).seal({"access": str(number)}, owner),
                expires_at=None,
                rotates=False,
                now=firm.clock(),
            )


def readable(firm: Firm, keyring: Keyring) -> int:
    with firm.store.database.read() as connection:
        rows = Credentials(connection).sealed()
    opened = 0
    for row in rows:
        assert row.sealed is not None
        opened += keyring.open(row.sealed, row.owner) == {"access": str(int(row.id))}
    return opened


async def test_a_change_of_keys_that_dies_at_every_secret_goes_on_and_ends(firm: Firm) -> None:
    rows = 200
    filled(firm, rows)
    both, deaths = Keyring((NEW, OLD)), 0

    def die(name: str) -> None:
        if name == "key.after_secret":
            raise Crash

    while True:
        assert deaths < 300
        try:
            with crash_handler(die):
                reseal(firm.store, both, ANNA)
            break
        except Crash:
            deaths += 1
            if deaths % 50 == 0:
                assert readable(firm, both) == rows
    assert deaths == rows + 1  # and the installation's secret
    assert readable(firm, Keyring((NEW,))) == rows
    with firm.store.database.read() as connection:
        assert Installations(connection).load(Keyring((NEW,)), "books", Installation) is not None
    assert reseal(firm.store, both, ANNA) == Resealed(0, 0)


async def test_a_change_of_keys_tells_what_it_could_not_open_and_is_audited(firm: Firm) -> None:
    filled(firm, 3)
    stranger = Fernet.generate_key().decode()
    assert reseal(firm.store, Keyring((stranger,)), ANNA) == Resealed(0, 4)
    assert readable(firm, Keyring((OLD,))) == 3
    assert reseal(firm.store, Keyring((NEW, OLD)), ANNA) == Resealed(4, 0)
    assert firm.actions().count("secrets.resealed") == 1


async def test_a_token_renewed_during_the_change_is_not_put_back(firm: Firm) -> None:
    await firm.connect()
    from closing_host.transfers import keys

    both = Keyring((NEW, OLD))
    changes = list(keys._changes(firm.store, both))
    with firm.store.database.write() as connection:
        (row,) = Credentials(connection).sealed()
        Credentials(connection).reseal(row, both.renewed(row.sealed))  # type: ignore[arg-type]
    assert [firm.store.database.transact(each) for each in changes] == [False, True]


# --- a key that will not come back


async def test_a_lost_key_is_replaced_only_on_demand_and_everybody_logs_in_again(firm: Firm) -> None:
    await firm.connect()
    path = key_file(firm)
    lost = open_keyring(firm.store, {}, default=path)
    fresh = replace_lost_key(firm.store, lost, ANNA)
    assert (fresh.problem, path.is_file()) == ("", True)
    assert state(firm, fresh) == ("revoked", "key-lost")
    with firm.store.database.read() as connection:
        assert Credentials(connection).sealed() == ()
        assert Installations(connection).secrets() == ()
    assert firm.actions()[-1] == "secrets.forgotten"


async def test_what_the_key_at_hand_opens_is_kept(firm: Firm) -> None:
    await firm.connect()
    right_one = Keyring((OLD,))
    assert replace_lost_key(firm.store, right_one, ANNA) is right_one
    assert state(firm, right_one) == ("connected", "")


async def test_a_key_file_that_cannot_be_made_is_told(firm: Firm) -> None:
    blocked = firm.store.folder.path / "closing.db" / "key"
    with pytest.raises(ClosingError) as refused:
        replace_lost_key(firm.store, Keyring((), place=str(blocked), problem="key-missing"), ANNA)
    assert refused.value.code == "key-file-not-writable"
