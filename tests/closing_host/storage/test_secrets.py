"""Keys and what they seal (T 3b, A15-A17)."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from closing_host.storage.secrets import (
    Keyring,
    Owner,
    Sealed,
    SecretUnreadable,
    create_key_file,
    default_key_file,
    load_keyring,
)

OWNER = Owner("credential", 1, "books", "29302", 4)


def new_key() -> str:
    return Fernet.generate_key().decode()


def nothing() -> bool:
    return False


def something() -> bool:
    return True


def test_what_is_sealed_opens_for_its_owner() -> None:
    keyring = Keyring((new_key(),))
    sealed = keyring.seal({"access": "canary-å", "number": 1}, OWNER)
    assert keyring.open(sealed, OWNER) == {"access": "canary-å", "number": 1}
    assert "canary" not in sealed.ciphertext
    assert keyring.opens(sealed.key_id)


@pytest.mark.parametrize(
    "other",
    [
        Owner("login", 1, "books", "29302", 4),
        Owner("credential", 2, "books", "29302", 4),
        Owner("credential", 1, "boots", "29302", 4),
        Owner("credential", 1, "books", "29303", 4),
        Owner("credential", 1, "books", "29302", 5),
        Owner("credential", None, "books", "29302", 4),
    ],
)
def test_what_was_moved_to_another_owner_does_not_open(other: Owner) -> None:  # A15
    keyring = Keyring((new_key(),))
    sealed = keyring.seal({}, OWNER)
    with pytest.raises(SecretUnreadable) as moved:
        keyring.open(sealed, other)
    assert moved.value.code == "secret-misplaced"


def test_every_changed_byte_is_noticed() -> None:
    keyring = Keyring((new_key(),))
    sealed = keyring.seal({"access": "x"}, OWNER)
    for place in range(0, len(sealed.ciphertext), 7):
        letter = "A" if sealed.ciphertext[place] != "A" else "B"
        changed = sealed.ciphertext[:place] + letter + sealed.ciphertext[place + 1 :]
        with pytest.raises(SecretUnreadable):
            keyring.open(Sealed(changed, sealed.key_id), OWNER)


def test_old_keys_open_and_the_newest_seals() -> None:
    old, new = new_key(), new_key()
    sealed = Keyring((old,)).seal({"access": "x"}, OWNER)
    both = Keyring((new, old))
    assert both.open(sealed, OWNER) == {"access": "x"}
    renewed = both.renewed(sealed)
    assert (renewed.key_id, both.newest) == (Keyring((new,)).newest, renewed.key_id)
    assert Keyring((new,)).open(renewed, OWNER) == {"access": "x"}


def test_without_a_key_nothing_is_sealed_or_opened() -> None:
    sealed = Keyring((new_key(),)).seal({}, OWNER)
    empty = Keyring((), place="there")
    calls: list[Callable[[], object]] = [
        lambda: empty.seal({}, OWNER),
        lambda: empty.open(sealed, OWNER),
        lambda: empty.renewed(sealed),
    ]
    for call in calls:
        with pytest.raises(SecretUnreadable) as missing:
            call()
        assert (missing.value.code, missing.value.parameters) == ("key-missing", {"place": "there"})
    with pytest.raises(SecretUnreadable) as wrong:
        Keyring((new_key(),)).renewed(sealed)
    assert wrong.value.code == "key-wrong"


# --- where the keys come from (A16)


def test_the_first_start_makes_a_key_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "config" / "key"
    first = load_keyring({}, secrets_exist=nothing, default=path)
    assert (first.problem, first.place) == ("", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load_keyring({}, secrets_exist=something, default=path).newest == first.newest
    assert [each.name for each in path.parent.iterdir()] == ["key"]


def test_a_missing_key_is_never_replaced_while_there_are_secrets(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keyring = load_keyring({}, secrets_exist=something, default=path)
    assert (keyring.problem, keyring.newest) == ("key-missing", "")
    assert not path.exists()


@pytest.mark.parametrize("content", ["", "# nothing\n", "not a key\n", "a" * 44 + "\n"])
def test_a_file_without_a_good_key_is_told_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    for exist in (nothing, something):
        assert load_keyring({}, secrets_exist=exist, default=path).problem == "key-malformed"
    assert path.read_text() == content


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.write_bytes(b"\xff\xfe")])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "key"
    make(path)
    assert load_keyring({}, secrets_exist=nothing, default=path).problem == "key-file-unreadable"


def test_a_place_where_no_file_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    keyring = load_keyring({"CLOSING_KEY_FILE": str(tmp_path / "nowhere" / "key")}, secrets_exist=nothing)
    assert keyring.problem == "key-file-not-writable"


def test_the_environment_comes_first_and_its_fault_is_not_covered_up(tmp_path: Path) -> None:
    path = tmp_path / "key"
    create_key_file(path)
    one, two = new_key(), new_key()
    stated = load_keyring({"CLOSING_KEY": f"{one},{two}"}, secrets_exist=something, default=path)
    assert stated.newest == Keyring((one,)).newest
    assert stated.opens(Keyring((two,)).newest)
    wrong = load_keyring({"CLOSING_KEY": "typo"}, secrets_exist=something, default=path)
    assert (wrong.problem, wrong.newest, wrong.place) == ("key-malformed", "", "CLOSING_KEY")


def test_a_key_file_named_by_the_environment_is_used(tmp_path: Path) -> None:
    path = tmp_path / "mounted"
    key = new_key()
    path.write_text(f"# from the vault\n\n{key}\n{new_key()}\n")
    keyring = load_keyring({"CLOSING_KEY_FILE": str(path)}, secrets_exist=something, default=tmp_path / "other")
    assert keyring.newest == Keyring((key,)).newest


def test_two_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "key"
    first = create_key_file(path)
    assert create_key_file(path).newest == first.newest
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_the_key_lies_in_the_users_configuration_and_not_with_the_data() -> None:
    assert default_key_file().name == "key"
    assert default_key_file().parent.name == "closing-host"


def test_no_key_shows_itself() -> None:
    key = new_key()
    assert key not in repr(Keyring((key,)).__dict__)
    assert "gAAAA" not in repr(Keyring((key,)).seal({}, OWNER))
