"""Where a database must not lie: on network shares, which lose locks, and in folders that a program synchronises,
which copies half-written files (T E5)."""

import re
from pathlib import Path
from typing import Final

_REMOTE: Final = re.compile(
    r"9p|afs|beegfs|ceph|cifs|coda|davfs|glusterfs|gpfs|lustre|ncpfs|nfs4?|ocfs2|smb3|smbfs|vboxsf"
    r"|fuse\.(?:.*sshfs|.*rclone|s3fs|gcsfuse|goofys|glusterfs|.*davfs.*|onedriver?|google-drive.*|gvfsd-fuse)"
    r"|fuse\.(?:vmhgfs.*|drvfs)"
)
_SYNCHRONISED: Final = re.compile(
    r"(?:OneDrive|Dropbox|Google ?Drive|iCloud ?Drive|Nextcloud|ownCloud|pCloud ?Drive|Box Sync|Syncthing)(?:[ (-].*)?"
    r"|Mobile Documents|CloudStorage",
    re.IGNORECASE,
)
_MARKERS: Final = (".stfolder", ".dropbox", ".dropbox.cache", ".sync_root")


def network_share(path: Path, mounts: str) -> str | None:
    """The type of the network file system that holds `path`, or None. `mounts`: the text of `/proc/self/mounts`."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[1]))
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind if _REMOTE.fullmatch(kind) else None


def synchronised_by(path: Path) -> Path | None:
    """The folder at or above `path` that looks like a sync program's, by its name or the marker it keeps there."""
    for folder in (path, *path.parents):
        if _SYNCHRONISED.fullmatch(folder.name) or any((folder / marker).exists() for marker in _MARKERS):
            return folder
    return None


def mounts_of_this_machine() -> str:
    """The text of `/proc/self/mounts`; "" where there is no such file."""
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
