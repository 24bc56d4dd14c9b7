import stat
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError
from closing_host.storage.folder import DataFolder, FolderLock, take_turns
from closing_host.storage.locations import mounts_of_this_machine, network_share, synchronised_by


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "deep" / "data")
    assert folder.is_empty()
    folder.create()
    assert not folder.is_empty()
    for made in (folder.path, folder.snapshots, folder.blobs, folder.tmp, folder.backups):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    folder.create()


def test_a_file_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    with pytest.raises(ClosingError, match="disk-failed"):
        DataFolder(tmp_path / "data").create()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sda2 /home/local ext4 rw 0 0
//server/share /mnt/with\\040blank cifs rw 0 0
user@host: /mnt/ssh fuse.sshfs rw 0 0
portal /run/user/1000/doc fuse.portal rw 0 0
unreadable
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/closing", None),
        ("/home/anna/data", "nfs4"),
        ("/home/local/data", None),
        ("/homestead", None),
        ("/mnt/with blank/data", "cifs"),
        ("/mnt/ssh/data", "fuse.sshfs"),
        ("/run/user/1000/doc/data", None),
    ],
)
def test_network_shares_are_recognised(path: str, kind: str | None) -> None:
    assert network_share(Path(path), MOUNTS) == kind


def test_the_last_of_two_mounts_on_one_place_counts() -> None:
    assert network_share(Path("/a/b"), "x /a ext4 rw 0 0\ny /a nfs rw 0 0\n") == "nfs"


def test_a_network_share_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClosingError, match="folder-on-network-share"):
        DataFolder(tmp_path / "data").create(mounts=lambda: f"s:/x {tmp_path} nfs rw 0 0\n")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "name",
    ["Dropbox", "Dropbox (Byrån)", "OneDrive", "OneDrive - Byrån AB", "Google Drive", "Nextcloud"],
)
def test_a_synchronised_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ClosingError, match="folder-synchronised") as caught:
        DataFolder(tmp_path / name / "data").create()
    assert caught.value.parameters["synchronised"] == tmp_path.resolve() / name


@pytest.mark.parametrize("name", ["dropboxer", "Onedriven", "Clients", "Sync"])
def test_other_names_are_no_reason(tmp_path: Path, name: str) -> None:
    assert synchronised_by(tmp_path / name) is None


def test_the_mark_of_a_sync_program_is_recognised(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    assert synchronised_by(tmp_path / "data") == tmp_path


def test_a_link_does_not_hide_where_the_folder_lies(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(ClosingError, match="folder-synchronised"):
        DataFolder(tmp_path / "link").create()


def test_a_machine_without_a_list_of_mounts_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> str:
        raise FileNotFoundError

    assert " / " in mounts_of_this_machine()
    monkeypatch.setattr(Path, "read_text", missing)
    assert mounts_of_this_machine() == ""


def test_many_share_the_lock_and_one_has_it_alone(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    assert first.try_lock(alone=False)
    assert second.try_lock(alone=False)
    assert not second.try_lock(alone=True)
    assert first.try_lock(alone=True), "a failed attempt holds nothing"
    assert not second.try_lock(alone=False)
    first.release()
    first.release()
    assert second.try_lock(alone=False)
    second.release()


def test_waiting_ends_with_words(tmp_path: Path) -> None:
    attempts = iter([False, False, True])
    take_turns(lambda: next(attempts), folder=tmp_path, patience=30)
    with pytest.raises(ClosingError, match="folder-in-use"):
        take_turns(lambda: False, folder=tmp_path, patience=0)
