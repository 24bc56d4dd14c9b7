"""What a user has made in an engagement, counted: it stays when its data source changes (P 7.7)."""

from dataclasses import dataclass

from closing_host.closing.entries import Status
from closing_host.engagements.host import Host
from closing_host.storage.attached_files import AttachedFiles
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import counts
from closing_host.storage.own_attachments import OwnAttachments


@dataclass(frozen=True, slots=True)
class KeptWork:
    """How many there are in all years: closing entries, attachments of the user's own, attached files."""

    entries: int
    attachments: int
    files: int


def kept_work(host: Host, engagement_id: int) -> KeptWork:
    """The engagement's, without what was deleted or removed."""
    with host.store.database.read() as connection:
        by_status = counts(connection, engagement_id=engagement_id).get(engagement_id, {})
        years = [each.year_start for each in EngagementRecords(connection, engagement_id).years()]
        own = [OwnAttachments(connection, engagement_id, start).all() for start in years]
        files = [AttachedFiles(connection, engagement_id, start).all() for start in years]
    entries = sum(count for status, count in by_status.items() if status is not Status.DELETED)
    return KeptWork(entries, sum(map(len, own)), sum(map(len, files)))
